/*
 * A file system without an end, for tests of a run that is to pause: `endless FOLDER`, in the foreground.
 *   small          a file of six bytes
 *   huge           a file of one terabyte, which gives bytes as fast as they are asked for
 *   endless/       a folder whose names never end; here only with a second argument
 */
#define FUSE_USE_VERSION 31
#include <errno.h>
#include <fuse.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const off_t HUGE_BYTES = 1LL << 40;
static int with_endless = 0;

static int attributes(const char *path, struct stat *st, struct fuse_file_info *info) {
  (void)info;
  memset(st, 0, sizeof *st);
  st->st_nlink = 1;
  st->st_mtime = st->st_ctime = st->st_atime = 1714979288;
  if (strcmp(path, "/") == 0 || (with_endless && strcmp(path, "/endless") == 0)) {
    st->st_mode = S_IFDIR | 0755;
    st->st_nlink = 2;
    return 0;
  }
  st->st_mode = S_IFREG | 0444;
  if (strcmp(path, "/huge") == 0) st->st_size = HUGE_BYTES;
  else if (strcmp(path, "/small") == 0) st->st_size = 6;
  else if (strncmp(path, "/endless/", 9) != 0) return -ENOENT;
  st->st_blocks = (st->st_size + 511) / 512;
  return 0;
}

static int names(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *info,
                 enum fuse_readdir_flags flags) {
  (void)info;
  (void)flags;
  if (strcmp(path, "/") == 0) {
    fill(buffer, "huge", NULL, 0, 0);
    fill(buffer, "small", NULL, 0, 0);
    if (with_endless) fill(buffer, "endless", NULL, 0, 0);
    return 0;
  }
  for (char name[40];; offset++) {
    snprintf(name, sizeof name, "name-%020lld", (long long)offset);
    if (fill(buffer, name, NULL, offset + 1, 0) != 0) return 0;
  }
}

static int bytes(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *info) {
  (void)info;
  off_t end = strcmp(path, "/huge") == 0 ? HUGE_BYTES : 6;
  if (offset >= end) return 0;
  if ((off_t)size > end - offset) size = (size_t)(end - offset);
  memset(buffer, 'a', size);
  return (int)size;
}

static const struct fuse_operations OPERATIONS = {.getattr = attributes, .readdir = names, .read = bytes};

int main(int argc, char **argv) {
  with_endless = argc > 2;
  char *words[] = {argv[0], argv[1], "-f", "-s", "-o", "ro", NULL};
  return fuse_main(6, words, &OPERATIONS, NULL);
}
