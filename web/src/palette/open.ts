/** Whether the palette is open, and the key that opens it from anywhere. */
import { onMounted, onUnmounted, ref } from 'vue'

export const paletteOpen = ref(false)

function pressed(event: KeyboardEvent): void {
  if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
  event.preventDefault() // some browsers would go to their address bar
  // one modal at a time: what another dialog asks is answered first
  if (paletteOpen.value || !document.querySelector('dialog[open]')) paletteOpen.value = !paletteOpen.value
}

export function usePaletteKey(): void {
  onMounted(() => window.addEventListener('keydown', pressed))
  onUnmounted(() => {
    window.removeEventListener('keydown', pressed)
    paletteOpen.value = false
  })
}
