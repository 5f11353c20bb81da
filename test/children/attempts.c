/*
 * What code that has taken over a child would try, by bare system calls. Loaded into a real child with process.dlopen: the
 * constructor reads its targets from the environment and answers in ATTEMPTS, one "name=outcome" a line. Nothing of it is
 * in the product.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char answer[16384];

static void said(const char *name, long result) {
  char line[200];
  snprintf(line, sizeof line, "%s=%s\n", name, result >= 0 ? "done" : strerrorname_np(errno));
  strncat(answer, line, sizeof answer - strlen(answer) - 1);
}

static const char *in(const char *folder, const char *name) {
  static char paths[8][4096];
  static int next;
  char *path = paths[next++ % 8];
  snprintf(path, 4096, "%s/%s", folder, name);
  return path;
}

static long read_one(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY);
  if (fd < 0) return fd;
  return read(fd, &byte, 1);
}

static long write_mapped(const char *path) {
  int fd = open(path, O_RDWR);
  if (fd < 0) return fd;
  char *at = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) return -1;
  *at = 'X';
  return 0;
}

static long connect_tcp(int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  return fd < 0 ? fd : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static long connect_unix(const char *path) {
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  strncpy(to.sun_path, path, sizeof to.sun_path - 1);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return fd < 0 ? fd : connect(fd, (struct sockaddr *)&to, sizeof to);
}

static long forked(long pid) {
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid(pid, NULL, 0);
  return pid;
}

static long raised(int resource) {
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  return setrlimit(resource, &limit);
}

static long memory(long call, pid_t pid) {
  static char ours[1];
  struct iovec local = {ours, 1}, remote = {(void *)0x400000, 1};
  long result = syscall(call, pid, &local, 1, &remote, 1, 0);
  /* Nothing mapped there: the call itself was allowed. */
  return result < 0 && errno == EFAULT ? 0 : result;
}

/* Neither counts as data, which the cap of memory is of. */
static long mapped_anew(int flags) {
  void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
  return at == MAP_FAILED ? -1 : 0;
}

static long exec_in_memory(void) {
  char *argv[] = {"sh", NULL}, *envp[] = {NULL};
  int fd = memfd_create("program", 0);
  if (fd < 0) return fd;
  long result = syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
  /* It is empty: the call itself was allowed. */
  return result < 0 && errno == ENOEXEC ? 0 : result;
}

static long there_and_back(const char *from, const char *to) {
  long result = rename(from, to);
  if (result == 0) rename(to, from);
  return result;
}

/* In a process of its own, where one can be made: it does not return. */
static long run_shell(void) {
  char *argv[] = {"sh", "-c", "exit 42", NULL}, *envp[] = {NULL};
  int status = 0;
  pid_t pid = fork();
  if (pid < 0) return execve("/bin/sh", argv, envp);
  if (pid == 0) _exit(execve("/bin/sh", argv, envp) < 0 ? errno : 0);
  waitpid(pid, &status, 0);
  errno = WEXITSTATUS(status);
  return WEXITSTATUS(status) == 42 ? 0 : -1;
}

__attribute__((constructor)) static void attempts(void) {
  const char *folder = getenv("ATTEMPTS_FOLDER");
  if (!folder) return;
  pid_t parent = atoi(getenv("ATTEMPTS_PARENT"));
  int port = atoi(getenv("ATTEMPTS_PORT"));
  const char *ledger = in(folder, "ledger");
  union bpf_attr bpf = {0};
  char mem[64], environ_[64], self[64];
  snprintf(mem, sizeof mem, "/proc/%d/mem", parent);
  snprintf(environ_, sizeof environ_, "/proc/%d/environ", parent);
  snprintf(self, sizeof self, "/proc/self/fd/4");

  said("read the ledger", read_one(ledger));
  said("read /etc/passwd", read_one("/etc/passwd"));
  said("read the main process's environment", read_one(environ_));
  said("list a folder", open(folder, O_RDONLY | O_DIRECTORY));
  said("create a file", open(in(folder, "made"), O_CREAT | O_WRONLY, 0666));
  said("create a file without a name", open(folder, O_TMPFILE | O_RDWR, 0666));
  said("change the mode of the sealed ledger", chmod(ledger, 0666));
  said("open the ledger for writing", open(ledger, O_WRONLY));
  said("write to the ledger through memory", write_mapped(ledger));
  said("truncate the sealed ledger", truncate(ledger, 0));
  said("set the times of the ledger", utimensat(AT_FDCWD, ledger, NULL, 0));
  said("give the ledger away", chown(ledger, 1, 1));
  said("link the ledger", link(ledger, in(folder, "link")));
  said("make a symbolic link", symlink(ledger, in(folder, "symlink")));
  said("make a folder", mkdir(in(folder, "folder"), 0777));
  said("make a FIFO", mkfifo(in(folder, "fifo"), 0666));
  said("set an extended attribute", syscall(SYS_setxattr, ledger, "user.x", "x", 1, 0));
  said("rename the ledger", there_and_back(ledger, in(folder, "renamed")));
  said("remove the ledger", unlink(ledger));
  said("reopen an inherited file for writing", open(self, O_RDWR));
  said("truncate an inherited file", ftruncate(4, 0));
  said("connect by TCP", connect_tcp(port));
  said("connect to a UNIX socket", connect_unix(in(folder, "socket")));
  said("make a socket pair", ({ int pair[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, pair); }));
  said("signal the main process", kill(parent, 0));
  said("signal every process", kill(-1, 0));
  said("signal a thread of the main process", syscall(SYS_tgkill, parent, parent, 0));
  said("have the kernel signal the main process", fcntl(3, F_SETOWN, parent));
  said("trace the main process", ptrace(PTRACE_SEIZE, parent, 0, 0));
  said("read the main process's memory", memory(SYS_process_vm_readv, parent));
  said("write the main process's memory", memory(SYS_process_vm_writev, parent));
  said("open the main process's memory", open(mem, O_RDWR));
  said("take a descriptor of the main process", syscall(SYS_pidfd_open, parent, 0));
  said("fork", forked(fork()));
  said("make a process by clone3", forked(({
    struct { unsigned long long flags, pidfd, child, parent, exit_signal, stack, size, tls; } a = {.exit_signal = SIGCHLD};
    syscall(SYS_clone3, &a, sizeof a);
  })));
  said("run a program from memory", exec_in_memory());
  said("raise the limit of file size", raised(RLIMIT_FSIZE));
  said("raise the limit of memory", raised(RLIMIT_DATA));
  said("raise the limit of core dumps", raised(RLIMIT_CORE));
  said("become root", setresuid(0, 0, 0));
  said("make a user namespace", unshare(CLONE_NEWUSER));
  said("mount a file system", mount("none", folder, "tmpfs", 0, NULL));
  said("change the root folder", chroot(folder));
  said("load a BPF program", syscall(SYS_bpf, BPF_MAP_CREATE, &bpf, sizeof bpf));
  said("use io_uring", syscall(SYS_io_uring_setup, 1, &(char[120]){0}));
  said("use userfaultfd", syscall(SYS_userfaultfd, 0));
  said("share memory", shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600));
  said("map memory that is shared", mapped_anew(MAP_SHARED | MAP_ANONYMOUS));
  said("map memory that is shared in the new way", mapped_anew(MAP_SHARED_VALIDATE | MAP_ANONYMOUS));
  said("map a stack that grows", mapped_anew(MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN));
  said("read an open file past the cache", fcntl(open("/proc/self/exe", O_RDONLY), F_SETFL, O_DIRECT));
  said("be signalled by an open file", fcntl(3, F_SETFL, O_RDWR | O_ASYNC));
  said("use the keyring", syscall(SYS_add_key, "user", "x", "x", 1, -2));
  said("run /bin/sh", run_shell());
  setenv("ATTEMPTS", answer, 1);
}
