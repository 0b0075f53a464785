/** Assignments: the run and its result as the first tab. */
import RunTab from '@/assignments/RunTab.vue'
import type { OwnScreens } from '@/records/screens'

const screens: OwnScreens = {
  register: 'assignments',
  firstMoves: ['adopt'],
  tabs: [{ name: 'run', label: 'assignment.run', component: RunTab, leads: true }],
}
export default screens
