/** A form's unsent text, kept on this device so that a closed tab loses nothing. */
import { onScopeDispose, ref, toRaw, watch, type Ref } from 'vue'

import type { Values } from '@/api/shapes'

const PAUSE = 400
const PREFIX = 'park.draft.'

export function useDraft(key: string, values: Ref<Values>) {
  const restored = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let resting = true

  function restore(): void {
    const text = localStorage.getItem(PREFIX + key)
    if (text) {
      values.value = { ...values.value, ...(JSON.parse(text) as Values) }
      restored.value = true
    }
    resting = false
  }

  /** Forget the draft, and do not write it again for the change that is on its way. */
  function forget(): void {
    clearTimeout(timer)
    localStorage.removeItem(PREFIX + key)
    restored.value = false
  }

  function rest(): void {
    resting = true
    forget()
  }

  watch(
    values,
    (now) => {
      if (resting) return
      clearTimeout(timer)
      timer = setTimeout(() => localStorage.setItem(PREFIX + key, JSON.stringify(toRaw(now))), PAUSE)
    },
    { deep: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  return { restored, restore, forget, rest }
}
