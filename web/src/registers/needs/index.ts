/** Needs: a two-field form for enterprises, visits as a tab, the way to matching. */
import { defineAsyncComponent } from 'vue'

import type { OwnScreens } from '@/records/screens'

const AskRelease = defineAsyncComponent(() => import('./AskRelease.vue'))
const BulkMatch = defineAsyncComponent(() => import('@/batches/BulkMatch.vue'))
const ServiceTab = defineAsyncComponent(() => import('./ServiceTab.vue'))

const screens: OwnScreens = {
  register: 'needs',
  bulk: BulkMatch,
  beside: AskRelease,
  quickForm: { roles: ['enterprise'], lead: ['title', 'description'], move: 'submit' },
  tabs: [{ name: 'service', label: 'record.tabs.service', component: ServiceTab, needs: ['service-log'] }],
  links: (record) => [
    { label: 'match.open', to: `/r/needs/${record.id}/matches`, creates: 'matches', dataTest: 'open-matches' },
  ],
}
export default screens
