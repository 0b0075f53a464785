/** Short messages after an act, read out by screen readers and gone by themselves. */
import { ref } from 'vue'

/** What can be done about a message at once: take the act back. */
export interface NoticeAction {
  label: string
  run: () => void
}

export interface Notice {
  id: number
  tone: 'success' | 'warning' | 'danger'
  text: string
  action?: NoticeAction
}

const SHOWN_FOR = 8000
const SHOWN_WITH_ACTION_FOR = 15_000 // time to read it, think, and reach the button
let lastId = 0

export const notices = ref<Notice[]>([])

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id)
}

/** Only one way back is offered at a time: that of the newest act. */
export function withoutActions(): void {
  notices.value = notices.value.filter((notice) => !notice.action)
}

export function notify(text: string, tone: Notice['tone'] = 'success', action?: NoticeAction): void {
  lastId += 1
  const id = lastId
  notices.value = [...notices.value, { id, tone, text, ...(action && { action }) }]
  setTimeout(() => dismiss(id), action ? SHOWN_WITH_ACTION_FOR : SHOWN_FOR)
}
