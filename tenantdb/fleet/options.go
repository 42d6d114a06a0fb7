package fleet

import (
	"time"

	"github.com/silokit/silo/tenantdb/catalog"
)

// Options say over whom work goes, and how. The zero value means the defaults.
type Options struct {
	// Select says whom. Defaults to all.
	Select Selection

	// Catalog, if not nil, is asked who the tenants are: by it those that are being created or deleted,
	// or are deleted, are left out, and labels are known. Defaults to none: the files decide.
	Catalog *catalog.Catalog

	// Workers is how many tenants are worked on at once. Each of Each's and Migrate's holds a
	// file open meanwhile. Defaults to 4.
	Workers int

	// MaxFailures is how many tenants may fail: with the last of them the work is given up
	// ([ErrStopped]), when those that have begun are done. Defaults to 0: all are tried.
	MaxFailures int

	// Progress, if not nil, is told when a tenant is done. It is called by one goroutine at a
	// time, and the work waits for it.
	Progress func(Progress)
}

const defaultWorkers = 4

// workers returns how many tenants are worked on at once by an option that says so.
func workers(option int) int {
	if option <= 0 {
		return defaultWorkers
	}
	return option
}

// Progress is how far work has come.
type Progress struct {
	Done   int           // tenants, those that failed among them
	Total  int           // of how many
	Failed int           // of Done
	Rate   float64       // tenants a second, since the work began
	Left   time.Duration // as long as it takes to the end at that rate; 0 if it is not known
}

// meter makes Progress of what is done.
type meter struct {
	began time.Time
	now   func() time.Time // time.Now, but in tests
	at    Progress
}

func newMeter(total int, now func() time.Time) *meter {
	return &meter{began: now(), now: now, at: Progress{Total: total}}
}

// step counts one more tenant.
func (m *meter) step(err error) Progress {
	m.at.Done++
	if err != nil {
		m.at.Failed++
	}
	if took := m.now().Sub(m.began); took > 0 {
		m.at.Rate = float64(m.at.Done) / took.Seconds()
		m.at.Left = time.Duration(float64(m.at.Total-m.at.Done) / m.at.Rate * float64(time.Second))
	}
	return m.at
}
