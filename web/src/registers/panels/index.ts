/** Panels: who sits and what they say together. */
import SeatsTab from '@/panels/SeatsTab.vue'
import SummaryTab from '@/panels/SummaryTab.vue'
import type { OwnScreens } from '@/records/screens'

const screens: OwnScreens = {
  register: 'panels',
  tabs: [
    { name: 'seats', label: 'panel.seats', component: SeatsTab, leads: true, roles: ['centre_staff', 'centre_leader'] },
    { name: 'summary', label: 'panel.summary', component: SummaryTab },
  ],
}
export default screens
