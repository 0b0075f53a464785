/** Whether the window is narrower than a width, kept current. */
import { onScopeDispose, ref, type Ref } from 'vue'

export const PHONE = 640
export const TABLET = 900

export function useNarrow(width: number): Ref<boolean> {
  const query = window.matchMedia(`(max-width: ${width}px)`)
  const narrow = ref(query.matches)
  const follow = (): void => {
    narrow.value = query.matches
  }
  query.addEventListener('change', follow)
  onScopeDispose(() => query.removeEventListener('change', follow))
  return narrow
}
