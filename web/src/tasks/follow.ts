/** Following long work from wherever it was begun; the tray in the top bar is told of it at once. */
import { ref } from 'vue'

import { isLive, tasks, type Task } from '@/api/tasks'

const FIRST = 250
const LONGEST = 1500

/** Counts what was begun here: the tray looks again when it changes. */
export const begun = ref(0)

/** Work that a screen waits for itself: the tray does not announce its end as well. */
export const watched = new Set<string>()

const pause = (time: number): Promise<void> => new Promise((go) => void setTimeout(go, time))

/** Wait for the end of a task. It goes on without this page, and without anybody waiting. */
export async function follow(begunTask: Task, told: (task: Task) => void = () => undefined): Promise<Task> {
  watched.add(begunTask.id)
  begun.value += 1
  const look = async (now: Task, time: number): Promise<Task> => {
    told(now)
    if (!isLive(now)) return now
    await pause(time)
    return look(await tasks.read(now.id), Math.min(time * 1.5, LONGEST))
  }
  try {
    const ended = await look(begunTask, FIRST)
    begun.value += 1
    return ended
  } catch (cause) {
    watched.delete(begunTask.id) // nobody waits any more: the tray says how it ended
    throw cause
  }
}
