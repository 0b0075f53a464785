/** Enterprises: yearly figures, the service given and the needs filed as tabs. */
import type { OwnScreens } from '@/records/screens'

import NeedsTab from './NeedsTab.vue'
import ObservationsTab from './ObservationsTab.vue'
import ServiceTab from './ServiceTab.vue'

const screens: OwnScreens = {
  register: 'enterprises',
  tabs: [
    { name: 'observations', label: 'record.tabs.observations', component: ObservationsTab },
    { name: 'service', label: 'record.tabs.service', component: ServiceTab, needs: ['service-log'] },
    { name: 'needs', label: 'record.tabs.needs', component: NeedsTab, needs: ['needs'] },
  ],
}
export default screens
