/** Taking one step of a record's life, and what to say when it cannot be taken. */
import { useQueryClient } from '@tanstack/vue-query'
import { useI18n } from 'vue-i18n'

import { isStale } from '@/api/problem'
import { records } from '@/api/registers'
import type { Move, RecordRow, Values } from '@/api/shapes'
import { notify } from '@/ui/notices'

import { recordKey } from './queries'

export function useMoving(register: string) {
  const { t } = useI18n()
  const cache = useQueryClient()

  /** Read everything again that may show the record. */
  async function renew(row: RecordRow): Promise<void> {
    cache.setQueryData(recordKey(register, row.id), row)
    await Promise.all([
      cache.invalidateQueries({ queryKey: ['list'] }),
      cache.invalidateQueries({ queryKey: ['history', register, row.id] }),
      cache.invalidateQueries({ queryKey: ['record'], refetchType: 'active' }),
    ])
  }

  /** Take the move; a stale version is re-read and told, never tried again blindly. Throws Problem. */
  async function take(row: RecordRow, move: Move, values: Values): Promise<RecordRow> {
    try {
      const after = await records.move(register, row, move.name, values)
      await renew(after)
      notify(t('record.moved', { move: move.label }))
      return after
    } catch (cause) {
      if (isStale(cause)) await cache.invalidateQueries({ queryKey: recordKey(register, row.id) })
      throw cause
    }
  }

  return { take, renew }
}
