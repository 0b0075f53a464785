/** Pages of those who work for a park, a centre or the province, beside the registers. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

import { useRegisters } from '@/records/queries'
import { useMe } from '@/session/me'

/** Roles of the service network: they have the calendar and the figures. */
const STAFF = new Set(['station_staff', 'committee', 'centre_staff', 'centre_leader', 'province_staff'])

/** Who may be one of the two people some acts take. */
const PAIRS = new Set([
  'station_staff',
  'committee',
  'centre_staff',
  'centre_leader',
  'system_admin',
  'security_admin',
])

/** Those who keep accounts and the trail see no record, so they have none to bring back. */
const KEEPERS = new Set(['', 'auditor', 'system_admin', 'security_admin'])

export function useStaffPages() {
  const { t } = useI18n()
  const { role, sees } = useMe()
  const { data: all } = useRegisters()
  const mayMatch = computed(() => all.value?.some((one) => one.name === 'matches' && one.rights['create']) ?? false)
  return computed(() =>
    [
      { name: 'dashboard', label: t('shell.pages.dashboard'), to: '/dashboard', may: STAFF.has(role.value) },
      { name: 'calendar', label: t('shell.pages.calendar'), to: '/calendar', may: STAFF.has(role.value) && sees('needs') },
      { name: 'queue', label: t('shell.pages.queue'), to: '/matching/queue', may: mayMatch.value && sees('needs') },
      { name: 'acts', label: t('act.title'), to: '/acts', may: PAIRS.has(role.value) },
      { name: 'undo', label: t('undo.title'), to: '/undo', may: !KEEPERS.has(role.value) },
    ].filter((page) => page.may),
  )
}
