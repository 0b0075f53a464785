/** The yearly figures a clerk may record; the names come from the message catalogues. */
export const INDICATORS = [
  'employees',
  'rd_staff',
  'revenue',
  'high_tech_revenue',
  'rd_expense',
  'total_assets',
  'net_assets',
  'profit',
  'tax_paid',
  'export_value',
] as const

export const UNITS = ['person', 'cny', 'wan_cny', 'percent', 'item'] as const

export const SOURCES = ['enterprise_report', 'staff_entry', 'import', 'public_source'] as const
