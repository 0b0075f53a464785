/** Where one was going before signing in. */
import type { RouteLocationNormalized } from 'vue-router'

/** Only ways inside this page are followed; anything else would be an open redirect. */
export function nextPath(route: RouteLocationNormalized): string {
  const next = String(route.query['next'] ?? '/')
  return next.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/'
}
