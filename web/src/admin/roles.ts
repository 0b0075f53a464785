/** The roles that can be granted, and for whom the two party roles act. */
export const ROLES = [
  'province_staff',
  'centre_leader',
  'centre_staff',
  'station_staff',
  'committee',
  'enterprise',
  'expert',
  'auditor',
  'system_admin',
  'security_admin',
] as const

export const PARTY_REGISTERS: Record<string, string> = { enterprise: 'enterprises', expert: 'experts' }
