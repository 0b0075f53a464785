/** Where a quotation is from: `register/id` and a field, in words, and the way there for those who may go. */
import { computed, toValue, type MaybeRefOrGetter } from 'vue'

import { useSchema } from '@/records/queries'
import { useMe } from '@/session/me'

export function useSource(source: MaybeRefOrGetter<string | null>, field: MaybeRefOrGetter<string | null>) {
  const { sees } = useMe()
  const parts = computed(() => {
    const [register = '', id = ''] = (toValue(source) ?? '').split('/')
    return { register, id }
  })
  const mayOpen = computed(() => parts.value.id !== '' && sees(parts.value.register))
  const { data: schema } = useSchema(() => (mayOpen.value ? parts.value.register : ''))
  const name = computed(() => {
    const wanted = toValue(field) ?? ''
    const label = schema.value?.fields.find((one) => one.name === wanted)?.label ?? wanted
    return [schema.value?.label_one, label].filter(Boolean).join(' · ')
  })
  const link = computed(() => (mayOpen.value ? `/r/${parts.value.register}/${parts.value.id}` : null))
  return { name, link }
}
