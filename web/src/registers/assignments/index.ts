/** Assignments: the run and its result as the first tab. */
import { defineAsyncComponent } from 'vue'

import type { OwnScreens } from '@/records/screens'

const RunTab = defineAsyncComponent(() => import('@/assignments/RunTab.vue'))

const screens: OwnScreens = {
  register: 'assignments',
  firstMoves: ['adopt'],
  tabs: [{ name: 'run', label: 'assignment.run', component: RunTab, leads: true }],
}
export default screens
