package lease

// list is a doubly linked list through links that its items carry, so that moving an
// item allocates nothing.
type list[T any] struct {
	first, last *link[T]
}

// link is one item's membership of one list. The zero link, given its item, is in none.
type link[T any] struct {
	prev, next *link[T]
	in         *list[T]
	item       T
}

func (l *list[T]) empty() bool { return l.first == nil }

func (l *list[T]) push(k *link[T]) {
	k.in, k.prev = l, l.last
	if l.last == nil {
		l.first = k
	} else {
		l.last.next = k
	}
	l.last = k
}

// remove takes the link out of the list it is in, if any.
func (k *link[T]) remove() {
	l := k.in
	if l == nil {
		return
	}
	if k.prev == nil {
		l.first = k.next
	} else {
		k.prev.next = k.next
	}
	if k.next == nil {
		l.last = k.prev
	} else {
		k.next.prev = k.prev
	}
	k.prev, k.next, k.in = nil, nil, nil
}
