/** Conflict rules: the way from the region's own to all that are in force. */
import type { OwnScreens } from '@/records/screens'

const screens: OwnScreens = {
  register: 'conflict-rules',
  listLinks: [{ label: 'rules.title', to: '/matching/rules', dataTest: 'effective-rules' }],
}
export default screens
