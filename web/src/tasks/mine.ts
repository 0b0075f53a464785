/** One's own long work, asked for once and again only while something runs; shared by all who show it. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'

import { sentenceOf } from '@/api/problem'
import { isLive, tasks, type Task } from '@/api/tasks'
import { useMe } from '@/session/me'
import { notify } from '@/ui/notices'

const EVERY = 1000

/** Do something, and say in words why it was refused. */
async function told(act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } catch (cause) {
    notify(sentenceOf(cause), 'danger')
  }
}

export function useMyTasks() {
  const { me } = useMe()
  const { data, refetch } = useQuery({
    queryKey: computed(() => ['tasks', me.value?.hat_id]),
    queryFn: () => tasks.list(),
    refetchInterval: ({ state }) => (state.data?.items.some(isLive) ? EVERY : false),
    retry: false,
  })
  const items = computed(() => data.value?.items ?? [])

  async function cancel(task: Task): Promise<void> {
    await told(() => tasks.cancel(task.id))
    await refetch()
  }

  return { items, refetch, cancel, take: (task: Task) => told(() => tasks.take(task)) }
}
