/** Short messages after an act, read out by screen readers and gone by themselves. */
import { ref } from 'vue'

export interface Notice {
  id: number
  tone: 'success' | 'warning' | 'danger'
  text: string
}

const SHOWN_FOR = 8000
let lastId = 0

export const notices = ref<Notice[]>([])

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id)
}

export function notify(text: string, tone: Notice['tone'] = 'success'): void {
  lastId += 1
  const id = lastId
  notices.value = [...notices.value, { id, tone, text }]
  setTimeout(() => dismiss(id), SHOWN_FOR)
}
