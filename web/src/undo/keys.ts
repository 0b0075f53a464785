/** Ctrl+Z and Ctrl+Shift+Z for the whole page, except where a text is being written. */
import { onMounted, onUnmounted } from 'vue'
import { useRouter } from 'vue-router'

import { redoLast, undoLast, whenGone } from './undo'

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}

function key(event: KeyboardEvent): void {
  const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'z'
  if (!wanted || event.defaultPrevented || isWriting(event.target) || document.querySelector('dialog[open]')) return
  if (event.shiftKey ? redoLast() : undoLast()) event.preventDefault()
}

export function useUndoKeys(): void {
  const router = useRouter()
  whenGone((register, id) => {
    const { path, query } = router.currentRoute.value
    if (path.startsWith(`/r/${register}/${id}`)) void router.replace(`/r/${register}`)
    else if (query['open'] === id) void router.replace({ query: { ...query, open: undefined } })
  })
  onMounted(() => window.addEventListener('keydown', key))
  onUnmounted(() => window.removeEventListener('keydown', key))
}
