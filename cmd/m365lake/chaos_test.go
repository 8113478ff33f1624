//go:build chaos

package main

import "testing"

// The long forms of the tests that kill, disturb and compare: make chaos. Each stands in its short form
// beside what it calls.

func TestChaosKilledSync(t *testing.T) {
	t.Parallel()
	killedSyncGoesOn(t, 300, 12)
}

func TestChaosThirtyNights(t *testing.T) {
	t.Parallel()
	disturbedNights(t, nights{count: 30, late: []int{18, 19, 20}, reports: sandboxReports, leastRows: 2000})
}

func TestChaosMetrics(t *testing.T) {
	t.Parallel()
	metricsEqualTheTruth(t, 1, 2, 3)
}

func TestChaosHistory(t *testing.T) {
	t.Parallel()
	historyEqualsTheTruth(t, 1, 2, 3)
}

func TestChaosHistoryOfSixMonths(t *testing.T) {
	t.Parallel()
	historyOfBackfills(t, 8, 1500)
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
