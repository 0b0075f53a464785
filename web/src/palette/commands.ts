/** What can be gone to and done by name: pages, registers, new records. */
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

import { useStaffPages } from '@/app/staffPages'
import { useRegisters } from '@/records/queries'
import { useMe } from '@/session/me'

export interface Command {
  id: string
  group: string
  label: string
  hint?: string
  to: string
}

export function useCommands() {
  const { t } = useI18n()
  const { me } = useMe()
  const { data: all } = useRegisters()
  const pages = useStaffPages()
  const admin = computed(() => {
    const rights = me.value?.rights
    return [
      { to: '/audit', label: t('audit.title'), may: rights?.audit },
      { to: '/admin/accounts', label: t('accounts.title'), may: rights?.accounts || rights?.grants },
      { to: '/admin/organisations', label: t('organisations.title'), may: rights?.organisations },
    ].filter((page) => page.may)
  })
  return computed<Command[]>(() => {
    const page = (label: string, to: string): Command => ({ id: to, group: t('palette.pages'), label, to })
    const made = (all.value ?? []).filter((one) => one.rights['create'])
    return [
      page(t('home.title'), '/'),
      ...pages.value.map((one) => page(one.label, one.to)),
      ...(all.value ?? []).map((one) => page(one.label, `/r/${one.name}`)),
      ...admin.value.map((one) => page(one.label, one.to)),
      page(t('me.title'), '/me'),
      page(t('palette.public'), '/public'),
      ...made.map((one) => ({
        id: `new-${one.name}`,
        group: t('palette.actions'),
        label: t('list.new', { one: one.label_one }),
        to: `/r/${one.name}/new`,
      })),
      ...(all.value ?? [])
        .filter((one) => one.rights['import'])
        .map((one) => ({
          id: `import-${one.name}`,
          group: t('palette.actions'),
          label: t('palette.import', { register: one.label }),
          to: `/r/${one.name}/import`,
        })),
    ]
  })
}

/** Every word occurs, in any order. */
export function named(command: Command, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const label = command.label.toLowerCase()
  return words.every((word) => label.includes(word))
}
