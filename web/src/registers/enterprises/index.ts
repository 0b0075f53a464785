/** Enterprises: yearly figures, the service given and the needs filed as tabs. */
import { defineAsyncComponent } from 'vue'

import type { OwnScreens } from '@/records/screens'

const NeedsTab = defineAsyncComponent(() => import('./NeedsTab.vue'))
const ObservationsTab = defineAsyncComponent(() => import('./ObservationsTab.vue'))
const ServiceTab = defineAsyncComponent(() => import('./ServiceTab.vue'))

const screens: OwnScreens = {
  register: 'enterprises',
  tabs: [
    { name: 'observations', label: 'record.tabs.observations', component: ObservationsTab },
    { name: 'service', label: 'record.tabs.service', component: ServiceTab, needs: ['service-log'] },
    { name: 'needs', label: 'record.tabs.needs', component: NeedsTab, needs: ['needs'] },
  ],
}
export default screens
