// Preloaded (LD_PRELOAD), keeps beside a directory what a loss of power would leave of it: what was written to a file when it
// was last synced, under the names that were there when the file, or its directory, was. For Linux; see power-loss.mjs.
//   DURABLE_OF    the directory, absolute
//   DURABLE_COPY  where the copy is: n/NAME, the path below DURABLE_OF with '!' for '/'; i/INODE, the same by inode
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((int (*)())dlsym(RTLD_NEXT, #name))

static const char *of, *copy;

__attribute__((constructor)) static void start(void) {
  of = getenv("DURABLE_OF");
  copy = getenv("DURABLE_COPY");
}

/** n/NAME of a path below the directory. Returns 0 for any other path. */
static int name_of(const char *path, char *out) {
  size_t length = of && copy ? strlen(of) : 0;
  if (length == 0 || strncmp(path, of, length) != 0 || (path[length] != '/' && path[length] != 0)) return 0;
  int at = snprintf(out, PATH_MAX, "%s/n/", copy);
  for (const char *c = path + length; *c && at < PATH_MAX - 1; c++) out[at++] = *c == '/' ? '!' : *c;
  out[at] = 0;
  return 1;
}

static void inode_of(ino_t ino, char *out) { snprintf(out, PATH_MAX, "%s/i/%llu", copy, (unsigned long long)ino); }

/** The second one becomes another name of the first, at once. */
static void link_as(const char *from, const char *to) {
  char part[PATH_MAX];
  snprintf(part, sizeof part, "%s/part.%d", copy, (int)gettid());
  REAL(unlink)(part);
  if (link(from, part) == 0) REAL(rename)(part, to);
}

static void keep_file(int fd, const char *path, const struct stat *is) {
  char name[PATH_MAX], inode[PATH_MAX], part[PATH_MAX], bytes[65536];
  if (!name_of(path, name)) return;
  snprintf(part, sizeof part, "%s/part.%d", copy, (int)gettid());
  REAL(unlink)(part);
  int to = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (to < 0) abort();
  ssize_t size;
  char source[64];
  snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
  int from = open(source, O_RDONLY); // at its beginning, whatever the other one is open for
  if (from < 0) abort();
  while ((size = read(from, bytes, sizeof bytes)) > 0)
    if (write(to, bytes, size) != size) abort();
  close(from);
  close(to);
  inode_of(is->st_ino, inode);
  REAL(rename)(part, inode);
  link_as(inode, name);
}

static void keep_directory(const char *path) {
  char prefix[PATH_MAX], name[PATH_MAX], inode[PATH_MAX], child[PATH_MAX], names[PATH_MAX];
  struct dirent *entry;
  struct stat is;
  if (!name_of(path, prefix)) return;
  snprintf(names, sizeof names, "%s/n", copy);
  DIR *known = opendir(names);
  const char *base = strrchr(prefix, '/') + 1;
  while (known && (entry = readdir(known)) != NULL) { // what is gone is gone for good now
    size_t length = strlen(base);
    const char *rest = entry->d_name + length + 1;
    if (strncmp(entry->d_name, base, length) != 0 || entry->d_name[length] != '!' || strchr(rest, '!')) continue;
    snprintf(child, sizeof child, "%s/%s", path, rest);
    snprintf(name, sizeof name, "%s/%s", names, entry->d_name);
    if (lstat(child, &is) != 0) REAL(unlink)(name);
  }
  if (known) closedir(known);
  DIR *real = opendir(path);
  while (real && (entry = readdir(real)) != NULL) {
    snprintf(child, sizeof child, "%s/%s", path, entry->d_name);
    if (lstat(child, &is) != 0 || !S_ISREG(is.st_mode) || !name_of(child, name)) continue;
    inode_of(is.st_ino, inode);
    if (access(inode, F_OK) == 0) link_as(inode, name);
    else close(open(name, O_WRONLY | O_CREAT, 0600)); // a name of nothing that was synced
  }
  if (real) closedir(real);
}

static void keep(int fd) {
  char at[64], path[PATH_MAX];
  struct stat is;
  snprintf(at, sizeof at, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(at, path, sizeof path - 1);
  if (!copy || length < 0 || fstat(fd, &is) != 0) return;
  path[length] = 0;
  if (S_ISREG(is.st_mode)) keep_file(fd, path, &is);
  if (S_ISDIR(is.st_mode)) keep_directory(path);
}

int fsync(int fd) {
  keep(fd);
  return REAL(fsync)(fd);
}

int fdatasync(int fd) {
  keep(fd);
  return REAL(fdatasync)(fd);
}

/** An inode that is free again may be another file's tomorrow. */
static void forget(const char *path) {
  char name[PATH_MAX], inode[PATH_MAX];
  struct stat is;
  if (!copy || lstat(path, &is) != 0 || !name_of(path, name) || is.st_nlink > 1) return;
  inode_of(is.st_ino, inode);
  REAL(unlink)(inode);
}

int unlink(const char *path) {
  forget(path);
  return REAL(unlink)(path);
}

int rename(const char *from, const char *to) {
  forget(to);
  return REAL(rename)(from, to);
}
