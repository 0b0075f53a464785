/** Writing or undoing an import: followed while it goes on, wherever it was begun. */
import { ref, type Ref } from 'vue'

import { imports } from '@/api/imports'
import { isLive, tasks, type Task } from '@/api/tasks'
import { follow } from '@/tasks/follow'

const RECENT = 50

export interface Followed {
  work: Ref<Task | null>
  /** Make a move and wait for its end; null where it was done at once. */
  move: (register: string, id: string, name: string) => Promise<Task | null>
  /** Wait for work that goes on already; null where there is none. */
  takeUp: (id: string) => Promise<Task | null>
  stop: () => Promise<void>
}

export function useWork(): Followed {
  const work = ref<Task | null>(null)

  async function ended(begun: Task): Promise<Task> {
    try {
      return await follow(begun, (now) => (work.value = now))
    } finally {
      work.value = null
    }
  }

  return {
    work,
    move: async (register, id, name) => {
      const answer = await imports.move(register, id, name)
      return 'mapping' in answer ? null : ended(answer)
    },
    takeUp: async (id) => {
      const { items } = await tasks.list(RECENT)
      const found = items.find((one) => one.subject_id === id && isLive(one))
      return found ? ended(found) : null
    },
    stop: async () => {
      if (work.value) work.value = await tasks.cancel(work.value.id)
    },
  }
}
