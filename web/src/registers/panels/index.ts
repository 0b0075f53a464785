/** Panels: who sits and what they say together. */
import { defineAsyncComponent } from 'vue'

import type { OwnScreens } from '@/records/screens'

const SeatsTab = defineAsyncComponent(() => import('@/panels/SeatsTab.vue'))
const SummaryTab = defineAsyncComponent(() => import('@/panels/SummaryTab.vue'))

const screens: OwnScreens = {
  register: 'panels',
  tabs: [
    { name: 'seats', label: 'panel.seats', component: SeatsTab, leads: true, roles: ['centre_staff', 'centre_leader'] },
    { name: 'summary', label: 'panel.summary', component: SummaryTab },
  ],
}
export default screens
