/* Counts the calls that change (or, if asked, read) files below some folders, and makes the Nth of them fail: by an errno, by stopping the
 * process, or by ending it. Preloaded into a process by tests/faults/machine.py; does nothing until nth_arm() is called.
 * Without strace a point costs a tenth, and one count runs over all threads of the process.
 * It also notes which names were made, and which folders were synced: what a disk may forget that keeps no more than it must. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { KILL = -1, STOP = -2 };

static char folders[8][512];
static int how_many, fault, reads_too, notes = -1;
static long wanted;
static atomic_long calls;
static atomic_int armed;

/* Arm for the folders in `below`, one a line. `nth` 0 only counts. `into` is the file of the notes. */
void nth_arm(const char *below, long nth, int how, int reads, const char *into) {
	notes = syscall(SYS_openat, AT_FDCWD, into, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
	char all[4096];
	how_many = 0;
	strncpy(all, below, sizeof all - 1);
	all[sizeof all - 1] = 0;
	for (char *one = strtok(all, "\n"); one && how_many < 8; one = strtok(NULL, "\n"))
		snprintf(folders[how_many++], sizeof folders[0], "%s/", one);
	wanted = nth, fault = how, reads_too = reads;
	atomic_store(&calls, 0);
	atomic_store(&armed, 1);
}

void nth_disarm(void) { atomic_store(&armed, 0); }

long nth_calls(void) { return atomic_load(&calls); }

static int is_below(const char *path) {
	for (int n = 0; n < how_many; n++)
		if (!strncmp(path, folders[n], strlen(folders[n])) || (strlen(path) + 1 == strlen(folders[n]) && !strncmp(path, folders[n], strlen(path))))
			return 1;
	return 0;
}

/* Whether this call is to fail now; errno is set. */
static int strike(const char *path) {
	if (!is_below(path) || atomic_fetch_add(&calls, 1) + 1 != wanted)
		return 0;
	if (fault == KILL)
		kill(getpid(), SIGKILL);
	else if (fault == STOP)
		raise(SIGSTOP); /* at this thread: one at the process may reach another first, and this one runs on past the call */
	else {
		errno = fault;
		return 1;
	}
	return 0;
}

/* One line: M for a name that was made, S for a folder that was synced. */
static void note(char what, const char *path) {
	char line[1100];
	int size = snprintf(line, sizeof line, "%c %s\n", what, path);
	if (notes >= 0 && is_below(path))
		syscall(SYS_write, notes, line, size);
}

static int on_path(const char *path) { return atomic_load(&armed) && path && strike(path); }

static int on_handle(int handle) {
	char link[64], path[1024];
	if (!atomic_load(&armed))
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
	int before = errno;
	ssize_t size = readlink(link, path, sizeof path - 1);
	errno = before;
	if (size <= 0)
		return 0;
	path[size] = 0;
	return strike(path);
}

static int on_reading(int handle) { return reads_too && on_handle(handle); }

#define REAL(type, name, ...)                                  \
	static type (*real)(__VA_ARGS__);                      \
	if (!real)                                             \
		real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)
#define BY_HANDLE(type, name, look, declared, given, ...)      \
	type name declared {                                   \
		REAL(type, name, __VA_ARGS__);                 \
		return look(h) ? -1 : real given;              \
	}
#define BY_PATH(name, about, declared, given, ...)             \
	int name declared {                                    \
		REAL(int, name, __VA_ARGS__);                  \
		return on_path(about) ? -1 : real given;       \
	}

BY_HANDLE(ssize_t, write, on_handle, (int h, const void *b, size_t s), (h, b, s), int, const void *, size_t)
BY_HANDLE(ssize_t, pwrite, on_handle, (int h, const void *b, size_t s, off_t o), (h, b, s, o), int, const void *, size_t, off_t)
BY_HANDLE(ssize_t, pwrite64, on_handle, (int h, const void *b, size_t s, off64_t o), (h, b, s, o), int, const void *, size_t, off64_t)
BY_HANDLE(ssize_t, writev, on_handle, (int h, const struct iovec *v, int c), (h, v, c), int, const struct iovec *, int)
int fsync(int h) {
	REAL(int, fsync, int);
	if (on_handle(h))
		return -1;
	int done = real(h);
	struct stat status;
	if (!done && atomic_load(&armed) && !fstat(h, &status) && S_ISDIR(status.st_mode)) {
		char link[64], path[1024];
		snprintf(link, sizeof link, "/proc/self/fd/%d", h);
		ssize_t size = readlink(link, path, sizeof path - 1);
		path[size < 0 ? 0 : size] = 0;
		note('S', path);
	}
	return done;
}

#define OPENING(name)                                                                      \
	int name(const char *p, int flags, ...) {                                          \
		REAL(int, name, const char *, int, ...);                                   \
		va_list more;                                                              \
		va_start(more, flags);                                                     \
		mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;                  \
		va_end(more);                                                              \
		int makes = atomic_load(&armed) && (flags & O_CREAT) && access(p, F_OK);   \
		int handle = real(p, flags, mode);                                         \
		if (makes && handle >= 0)                                                  \
			note('M', p);                                                      \
		return handle;                                                             \
	}
OPENING(open)
OPENING(open64)
BY_HANDLE(int, fdatasync, on_handle, (int h), (h), int)
BY_HANDLE(int, ftruncate, on_handle, (int h, off_t s), (h, s), int, off_t)
BY_HANDLE(int, ftruncate64, on_handle, (int h, off64_t s), (h, s), int, off64_t)
BY_HANDLE(ssize_t, read, on_reading, (int h, void *b, size_t s), (h, b, s), int, void *, size_t)
BY_HANDLE(ssize_t, pread, on_reading, (int h, void *b, size_t s, off_t o), (h, b, s, o), int, void *, size_t, off_t)
BY_HANDLE(ssize_t, pread64, on_reading, (int h, void *b, size_t s, off64_t o), (h, b, s, o), int, void *, size_t, off64_t)
BY_PATH(truncate, p, (const char *p, off_t s), (p, s), const char *, off_t)
BY_PATH(truncate64, p, (const char *p, off64_t s), (p, s), const char *, off64_t)
BY_PATH(rename, p, (const char *p, const char *q), (p, q), const char *, const char *)
BY_PATH(renameat, p, (int d, const char *p, int e, const char *q), (d, p, e, q), int, const char *, int, const char *)
BY_PATH(link, q, (const char *p, const char *q), (p, q), const char *, const char *)
BY_PATH(unlink, p, (const char *p), (p), const char *)
BY_PATH(unlinkat, p, (int d, const char *p, int f), (d, p, f), int, const char *, int)
int mkdir(const char *p, mode_t m) {
	REAL(int, mkdir, const char *, mode_t);
	if (on_path(p))
		return -1;
	int done = real(p, m);
	if (!done && atomic_load(&armed))
		note('M', p);
	return done;
}
BY_PATH(rmdir, p, (const char *p), (p), const char *)
