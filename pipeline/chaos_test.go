//go:build chaos

package pipeline_test

import "testing"

// The long forms of the tests that kill, disturb and compare: make chaos. Each stands in its short form
// beside what it calls.

func TestChaosThirtyNights(t *testing.T) {
	t.Parallel()
	disturbedNights(t, nights{count: 30, late: []int{18, 19, 20}, leastRows: 2000})
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
