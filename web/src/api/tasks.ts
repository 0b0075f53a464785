/** Long work one asked for: how far it is, what came of it. */
import { call, download, type Query } from './client'
import type { ProblemBody } from './problem'

export type TaskState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export interface Task {
  id: string
  kind: string
  label: string
  title: string
  register: string | null
  subject_id: string | null
  state: TaskState
  phase: string
  done: number
  total: number | null
  cancelling: boolean
  asked_at: string
  started_at: string | null
  finished_at: string | null
  result: Record<string, unknown> | null
  error: ProblemBody | null
  file: { name: string; media_type: string; size: number } | null
  page: string | null
}

export const isLive = (task: Task): boolean => task.state === 'queued' || task.state === 'running'

export const tasks = {
  list: (limit = 8): Promise<{ items: Task[]; next: string | null }> => call('/tasks', { query: { limit } }),
  read: (id: string): Promise<Task> => call(`/tasks/${id}`),
  cancel: (id: string): Promise<Task> => call(`/tasks/${id}/cancel`, { method: 'POST' }),
  take: (task: Task): Promise<void> => download(`/tasks/${task.id}/file`, task.file?.name ?? 'file'),
  export: (register: string, format: string, query: Query): Promise<Task> =>
    call(`/${register}/export.${format}`, { method: 'POST', query }),
}
