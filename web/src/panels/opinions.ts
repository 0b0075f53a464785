/** What a reviewer, and in the end the panel, may say of the matter. */
export const OPINIONS = ['approve', 'approve_with_changes', 'reject'] as const
