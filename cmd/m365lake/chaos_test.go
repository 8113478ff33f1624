//go:build chaos

package main

import "testing"

// The long forms of the tests that kill, disturb and compare: make chaos. Each stands in its short form
// beside what it calls.

func TestChaosKilledSync(t *testing.T) {
	t.Parallel()
	killedSyncGoesOn(t, 300, 12)
}

func TestChaosCheckForetellsSync(t *testing.T) {
	t.Parallel()
	checkForetellsSync(t, foretold)
}

// 2,000 actions.
func TestChaosProvisioning(t *testing.T) {
	t.Parallel()
	provisioningSurvives(t, ordeal{
		users: 1200, wishes: 2700, kills: 15, leastKilled: 10, leastTried: 2000, leastApplied: 1600,
	})
}

func TestChaosUndo(t *testing.T) {
	t.Parallel()
	provisioningIsUndone(t, ordeal{users: 500, wishes: 900, kills: 5})
}
