/*
 * Opens the page without a network, so that a need can be written down where there is none.
 * Kept: the page itself, the pieces it is made of, and who one is with the schema of needs. Records
 * are never kept here. Whatever the network can answer, the network answers.
 */
const SHELL = 'park-shell'
const ASSETS = 'park-assets'
const DATA = 'park-data'
const PAGE = '/login' // any address of the page inside: all of them are the same file
const MOST = 300 // pieces; older ones are of versions that are gone
const TOLD = new Set(['/api/v1/me', '/api/v1/registers', '/api/v1/registers/needs'])
const OUTSIDE = /^\/(api|public|portal|setup|invite|robots|llms|healthz|readyz)/

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (!OUTSIDE.test(url.pathname)) event.respondWith(page(request))
  } else if (url.pathname.startsWith('/assets/') || url.pathname === '/favicon.svg') {
    event.respondWith(piece(request))
  } else if (TOLD.has(url.pathname)) {
    event.respondWith(told(request))
  }
})

self.addEventListener('message', (event) => {
  if (event.data?.keep) event.waitUntil(keep(event.data.keep, event.data.locale).then(() => event.source?.postMessage('kept')))
})

async function page(request) {
  try {
    return await fetch(request)
  } catch (cause) {
    const kept = await (await caches.open(SHELL)).match(PAGE, { ignoreVary: true })
    if (kept) return kept
    throw cause
  }
}

/** Pieces bear a hash of their content in their names, so a kept one is never out of date. */
async function piece(request) {
  const cache = await caches.open(ASSETS)
  const kept = await cache.match(request.url, { ignoreVary: true })
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request.url, answer.clone())
  return answer
}

async function told(request) {
  const cache = await caches.open(DATA)
  try {
    const answer = await fetch(request)
    if (answer.ok) await cache.put(request.url, answer.clone())
    if (answer.status === 401) await caches.delete(DATA)
    return answer
  } catch (cause) {
    const kept = await cache.match(request.url, { ignoreVary: true })
    if (kept) return kept
    throw cause
  }
}

/** Fetch what opening the form takes, while there is a network. */
async function keep(pieces, locale) {
  const [shell, assets, data] = await Promise.all([SHELL, ASSETS, DATA].map((name) => caches.open(name)))
  const missing = await Promise.all(pieces.map(async (url) => ((await assets.match(url, { ignoreVary: true })) ? null : url)))
  await assets.addAll(missing.filter(Boolean))
  const names = await assets.keys()
  await Promise.all(names.slice(0, Math.max(0, names.length - MOST)).map((one) => assets.delete(one)))
  const headers = { Accept: 'application/json', 'Accept-Language': locale }
  const keepTold = async (path) => {
    const answer = await fetch(path, { headers, credentials: 'same-origin' })
    if (answer.ok) await data.put(new URL(path, self.location.origin).href, answer)
  }
  await Promise.all([...TOLD].map(keepTold))
  // last of all: a page without its pieces would open blank. The server gives it to whoever asks for
  // one, as a browser does when it goes to an address
  await shell.add(new Request(PAGE, { cache: 'no-store', headers: { Accept: 'text/html' } }))
}
