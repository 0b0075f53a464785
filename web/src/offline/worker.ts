/** Lets the form of needs open without a network: registers the worker and has it keep the pieces. */
import { addRest, currentLocale } from '@/i18n'

/** The screens that writing a need down takes; fetched once, while there is a network. */
const SCREENS = [
  () => import('@/records/FormPage.vue'),
  () => import('@/home/HomePage.vue'),
  () => import('@/home/EnterpriseHome.vue'),
  () => import('@/merging/SimilarHint.vue'),
  () => import('./OutboxBar.vue'),
]

export async function openOffline(): Promise<void> {
  // not where the page did not come over TLS, and not where the browser is told to keep nothing
  if (!('serviceWorker' in navigator) || !window.isSecureContext) return
  // a sign for whoever waits for it, a test for one
  navigator.serviceWorker.addEventListener('message', (event) => {
    if (event.data === 'kept') document.documentElement.dataset['offline'] = 'ready'
  })
  try {
    await navigator.serviceWorker.register('/sw.js')
    const { active } = await navigator.serviceWorker.ready
    await Promise.all([...SCREENS.map((screen) => screen()), addRest(currentLocale.value)])
    const loaded = performance.getEntriesByType('resource').map((one) => new URL(one.name))
    const pieces = loaded.filter((url) => url.origin === location.origin && /^\/(assets\/|favicon)/.test(url.pathname))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker is of one origin
    active?.postMessage({ keep: [...new Set(pieces.map((url) => url.pathname))], locale: currentLocale.value })
  } catch {
    // the page works without it, only not offline
  }
}
