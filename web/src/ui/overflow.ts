/** Whether a box that scrolls sideways has more beyond its right edge. */
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

export function useOverflow(box: Ref<HTMLElement | undefined>, width: Ref<unknown>) {
  const further = ref(false)

  function look(): void {
    const { scrollLeft = 0, clientWidth = 0, scrollWidth = 0 } = box.value ?? {}
    further.value = scrollLeft + clientWidth < scrollWidth - 1
  }

  const watcher = new ResizeObserver(look)
  onMounted(() => {
    if (box.value) watcher.observe(box.value)
  })
  onBeforeUnmount(() => watcher.disconnect())
  watch(width, look, { flush: 'post' })

  return { further, look }
}
