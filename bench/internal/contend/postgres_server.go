package contend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresServer is a PostgreSQL of our own, in a temporary folder, that listens on a
// socket there and on no network.
type postgresServer struct {
	folder string
	server *exec.Cmd
	done   chan error
}

// postgresPrograms returns where initdb and postgres are: in PATH, or where Debian puts
// them.
func postgresPrograms() (initdb, postgres string, err error) {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // cannot fail: the pattern is good
	slices.Reverse(folders)
	find := func(name string) string {
		for _, folder := range folders {
			if path := filepath.Join(folder, name); isFile(path) {
				return path
			}
		}
		path, _ := exec.LookPath(name) // empty if there is none
		return path
	}
	initdb, postgres = find("initdb"), find("postgres")
	if initdb == "" || postgres == "" {
		return "", "", errors.New("there is no initdb and postgres here; on Debian: apt-get install postgresql")
	}
	return initdb, postgres, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// startPostgres starts a server with an empty database.
func startPostgres(ctx context.Context) (_ *postgresServer, err error) {
	initdb, postgres, err := postgresPrograms()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "silo-bench-postgres")
	if err != nil {
		return nil, err
	}
	s := &postgresServer{folder: folder, done: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	as, err := unprivileged(folder)
	if err != nil {
		return s, err
	}
	init := exec.CommandContext(ctx, initdb, "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--pgdata="+filepath.Join(folder, "data"))
	init.SysProcAttr, init.Dir = as, folder
	if out, err := init.CombinedOutput(); err != nil {
		return s, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	// As with SQLite's synchronous=NORMAL, a commit does not wait for the disk. What the
	// server does in the background is put off, for it would disturb the others.
	s.server = exec.Command(postgres, "-D", filepath.Join(folder, "data"), "-k", folder, //nolint:noctx // it is stopped by stop, gently
		"-c", "listen_addresses=", "-c", "synchronous_commit=off", "-c", "shared_buffers=512MB",
		"-c", "autovacuum=off", "-c", "checkpoint_timeout=1h", "-c", "max_wal_size=8GB", "-c", "log_min_messages=fatal")
	s.server.SysProcAttr, s.server.Dir = as, folder
	if err := s.server.Start(); err != nil {
		s.server = nil
		return s, err
	}
	go func() { s.done <- s.server.Wait() }()
	for range 100 {
		conn, err := pgx.Connect(ctx, s.address("postgres"))
		if err == nil {
			return s, conn.Close(ctx)
		}
		time.Sleep(100 * time.Millisecond)
	}
	return s, errors.New("postgres does not answer")
}

// address is what a client connects to as a role.
func (s *postgresServer) address(role string) string {
	return fmt.Sprintf("host=%s dbname=postgres user=%s", s.folder, role)
}

// stop ends the server and removes its folder.
func (s *postgresServer) stop() (err error) {
	if s.server != nil {
		err = s.server.Process.Signal(syscall.SIGINT) // fast shutdown
		if err == nil {
			err = <-s.done
		}
	}
	return errors.Join(err, os.RemoveAll(s.folder))
}

// unprivileged returns how to start a program that refuses to be root's, in a folder that it
// may write: nil where we are not root.
func unprivileged(folder string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2, os.Chown(folder, int(uid), int(gid))); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}
