/** Small choices kept on the device, where the public pages read them too: cookies without secrets. */
const A_YEAR = 31_536_000
const HOST = '__Host-'

/** Over TLS under a name that no other host can write. */
export function keep(name: string, value: string, secure = location.protocol === 'https:'): void {
  document.cookie = `${secure ? HOST : ''}${name}=${value}; path=/; max-age=${A_YEAR}; samesite=lax${secure ? '; secure' : ''}`
}

export function kept(name: string, cookies: string = document.cookie): string | undefined {
  const all = cookies.split('; ')
  const found = [`${HOST}${name}=`, `${name}=`].map((head) => all.find((one) => one.startsWith(head))?.slice(head.length))
  return found.find((one) => one !== undefined)
}
