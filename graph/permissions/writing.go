package permissions

import "slices"

const userReadWriteAll = "User.ReadWrite.All"

// writePermissions are what each kind of change needs at least. They are apart from
// those of a run, because the program does not ask for them when a person signs in to read.
// Sources: https://learn.microsoft.com/graph/permissions-reference, and the section "Permissions" of
// user-assignlicense, user-update, user-revokesigninsessions, user-delete, directory-deleteditems-restore,
// user-post-users, user-reprocesslicenseassignment and group-post-members.
var writePermissions = []Permission{
	{
		Name: "LicenseAssignment.ReadWrite.All", AppRole: "5facf0c1-8979-4e95-abcf-ff3d079771c0",
		Supersets: []string{userReadWriteAll, directoryReadWrite},
	},
	{
		Name: "User.EnableDisableAccount.All", AppRole: "3011c876-62b7-4ada-afa2-506cbbecc68c",
		Supersets: []string{userReadWriteAll, directoryReadWrite},
	},
	{
		Name: "User.RevokeSessions.All", AppRole: "77f3a031-c388-4f99-b373-dc68676a979e",
		Supersets: []string{userReadWriteAll, directoryReadWrite},
	},
	{
		Name: "User.DeleteRestore.All", AppRole: "eccc023d-eccf-4e7b-9683-8813ab36cecc",
		Supersets: []string{userReadWriteAll}, // not the directory's: its page does not list deleting
	},
	{
		Name: userReadWriteAll, AppRole: "741f803b-c850-494e-b5df-cde7c675a1ca",
		Supersets: []string{directoryReadWrite},
	},
	{
		Name: "GroupMember.ReadWrite.All", AppRole: "dbaae8cf-10b5-4b86-a4a1-f871c94c6695",
		Supersets: []string{"Group.ReadWrite.All", directoryReadWrite},
	},
}

// ForWriting lists what changes to a tenant need, each for changes of its own.
func ForWriting() []Permission { return slices.Clone(writePermissions) }
