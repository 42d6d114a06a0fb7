package lifecycle

import (
	"context"
	"io"
	"iter"
)

// Target is where backups are kept: a folder ([Folder]), or object storage. Names are
// relative paths with slashes, of letters, digits, "-", "." and "/". A Target is used
// concurrently, by several processes too, and has the backups of one data folder: the first that backs up there
// leaves its [tenantdb.Dir.FolderID] in the object owner.json, and what would put or remove a backup of another
// folder is [ErrForeignBackups]. Who takes the place of a folder that is gone removes that object. Restore and
// the like read from any Target. A copy of a data folder passes for the folder itself: give it another Target.
//
// A backup is two objects, its database and then its manifest, and is there when the
// manifest is. So a Target needs no step over several objects: each must be there whole or
// not at all, and what Put has put must be in the next List.
type Target interface {
	// Put stores a file under a name. When it returns nil the object is whole, is what
	// file says, and stays after loss of power. If the name is taken the error is fs.ErrExist and
	// the object there is as it was.
	Put(ctx context.Context, name string, file File) error

	// Get opens an object to be read; of one that is not there the error is
	// fs.ErrNotExist. Another process's Remove may end the reading with an error.
	Get(ctx context.Context, name string) (io.ReadCloser, error)

	// List yields the objects whose names begin with the prefix, by name; of one that is not
	// whole nothing.
	List(ctx context.Context, prefix string) iter.Seq2[Object, error]

	// Remove removes an object, for good. One that is not there is no error.
	Remove(ctx context.Context, name string) error
}

// File is a file that is to be stored. It is on the disk, and nobody writes to it.
type File struct {
	Path   string // absolute
	Size   int64  // in bytes
	SHA256 string // of its bytes, in hexadecimal
}

// Object is what is stored under a name.
type Object struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // in bytes
}
