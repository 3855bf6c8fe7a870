/* Starts the agent's program for a step and sleeps until the next one. docs/waiter.md is what the two say to each other. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "waiter.h"

#ifndef FIRST_PAUSE_MS
#define FIRST_PAUSE_MS 1000
#define STOP_MS 30000
#endif
#define complain(...) dprintf(STDERR_FILENO, "waiter: " __VA_ARGS__)

enum { LONGEST_PAUSE_MS = 60000, BLIND_MS = 60000, MAX_CRASHES = 6 };
/* What is polled: the first two always, the others at rest. */
enum { SIGNALS, TIMER, CHANGES, SOCKETS, ALL = SOCKETS + MAX_SOCKETS };

static char **words, addresses[MAX_SOCKETS][128];
static struct pollfd fds[ALL];
static sigset_t found_mask;
static pid_t program;
static int64_t end_ms = NEVER, slept_ms;
static int status, crashes, last_signal;
static bool is_last, is_stopping, is_hung_up, is_killed, is_blind;

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* A nanosecond later, since zero would be never. */
static void set_timer(int64_t ms) {
  struct itimerspec never = {0}, at = {.it_value = {ms / 1000, ms % 1000 * 1000000 + 1}};
  timerfd_settime(fds[TIMER].fd, TFD_TIMER_ABSTIME, ms == NEVER ? &never : &at, NULL);
}

static int find_socket(const char *address) {
  int index = 0;
  while (index < MAX_SOCKETS && strcmp(addresses[index], address) != 0) index++;
  return index;
}

/* False if the program has to be started for it: there is none, or its owner and mode are to be set. */
static bool open_socket(const char *address) {
  union place place;
  struct stat found;
  socklen_t length = read_address(address, &place);
  int fd = socket(place.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0), index = find_socket("");
  bool is_local = place.any.sa_family == AF_UNIX;
  if (is_local && lstat(place.local.sun_path, &found) == 0 && S_ISSOCK(found.st_mode)) unlink(place.local.sun_path);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(fd, &place.any, length) != 0 || listen(fd, SOMAXCONN) != 0) {
    complain("cannot listen on %s: %s; the program is started without it\n", address, strerror(errno));
    close(fd);
    return false;
  }
  strcpy(addresses[index], address);
  fds[SOCKETS + index].fd = fd;
  return !is_local;
}

/* Exactly those of the last word. False if the program has to be started for one. */
static bool hold_sockets(void) {
  bool is_settled = true, is_asked[MAX_SOCKETS + 1] = {false};
  for each_line(address, "listen ") is_asked[find_socket(address)] = true;
  for (int index = 0; index < MAX_SOCKETS; index++) {
    if (is_asked[index] || addresses[index][0] == '\0') continue;
    if (addresses[index][0] == 'u') unlink(addresses[index] + strlen("unix "));
    addresses[index][0] = '\0';
    close(fds[SOCKETS + index].fd);
    fds[SOCKETS + index].fd = -1;
  }
  for each_line(address, "listen ")
    if (find_socket(address) == MAX_SOCKETS) is_settled = open_socket(address) && is_settled;
  return is_settled;
}

/* The directories on the way to it by the names in them, and the file itself. */
static void watch_way(char *path) {
  const uint32_t names = IN_MASK_ADD | IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF;
  for (char *at = path; at != NULL; at = strchr(at + 1, '/')) {
    char next = at[1];
    at[1] = '\0';
    if (inotify_add_watch(fds[CHANGES].fd, path, names) < 0 && errno != ENOENT && errno != ENOTDIR) is_blind = true;
    at[1] = next;
  }
  inotify_add_watch(fds[CHANGES].fd, path, names | IN_ATTRIB | IN_MODIFY);
}

/* Watches first and looks then, or a change in between would be lost. */
static bool is_any_changed(void) {
  static char real[PATH_MAX];
  for each_line(at, "watch ") {
    char stamp[64] = "0:0 ", *path = strchr(at, '/');
    struct stat found;
    watch_way(path);
    if (realpath(path, real) != NULL) watch_way(real);
    if (stat(path, &found) == 0)
      sprintf(stamp, "%ju:%jd ", (uintmax_t)found.st_ino,
        found.st_ctim.tv_sec * INTMAX_C(1000000000) + found.st_ctim.tv_nsec);
    if (strncmp(at, stamp, strlen(stamp)) != 0) return true;
  }
  return false;
}

static _Noreturn void execute(void) {
  sigprocmask(SIG_SETMASK, &found_mask, NULL);
  execv(words[0], words);
  int code = errno == ENOENT ? 127 : 126;
  complain("cannot execute %s: %s; it has to be the path of a program for this image and platform\n", words[0],
    strerror(errno));
  _exit(code);
}

/* In the child, where putenv may take memory. */
static _Noreturn void become_program(int word_end, const char *cause) {
  char own[96], held[sizeof addresses + 16 * MAX_SOCKETS] = "CLAVIGER_SOCKETS=", *end = strchr(held, '\0');
  sprintf(own, "CLAVIGER_WAITER=%d %s %jd %d", word_end, cause, (intmax_t)slept_ms, last_signal);
  putenv(own);
  for (int index = 0; index < MAX_SOCKETS; index++)
    if (addresses[index][0] != '\0') end += sprintf(end, "%d %s\n", fds[SOCKETS + index].fd, addresses[index]);
  if (end[-1] == '\n') putenv(held);
  else unsetenv("CLAVIGER_SOCKETS");
  fcntl(word_end, F_SETFD, 0);
  execute();
}

/* The signal that has come, else 0. Children that have ended are reaped. */
static int await(nfds_t count) {
  struct signalfd_siginfo info;
  int found;
  while (poll(fds, count, -1) < 0) continue;
  if (read(fds[SIGNALS].fd, &info, sizeof info) != sizeof info) return 0;
  for (pid_t child; (child = waitpid(-1, &found, WNOHANG)) > 0;)
    if (child == program) program = 0, status = found;
  return (int)info.ssi_signo;
}

static void pass_on(int signal) {
  bool is_end = signal == SIGTERM || signal == SIGINT;
  if (is_last || (!is_end && signal != SIGQUIT && signal != SIGHUP)) return;
  kill(program, signal);
  is_hung_up = is_hung_up || signal == SIGHUP;
  if (is_end && !is_stopping) set_timer(now_ms() + STOP_MS);
  is_stopping = is_stopping || is_end;
}

/* Leaves how it has ended in `status`, what it wrote in `word`. A program that cannot be started counts as killed. */
static void run(const char *cause) {
  int ends[2] = {-1, -1};
  is_last = strcmp(cause, "end") == 0;
  is_stopping = is_hung_up = is_killed = false;
  status = SIGKILL;
  set_timer(is_last ? now_ms() + end_ms : NEVER);
  program = socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) == 0 ? fork() : -1;
  if (program == 0) become_program(ends[1], cause);
  if (program < 0) complain("cannot start the program: %s\n", strerror(errno));
  close(ends[1]);
  /* Not before the start, since it may take a while. */
  close(fds[CHANGES].fd);
  fds[CHANGES].fd = -1;
  while (program > 0) {
    int signal = await(CHANGES);
    if (program > 0) pass_on(signal);
    if (program <= 0 || fds[TIMER].revents == 0) continue;
    complain("the program has not ended in time and is killed\n");
    is_killed = true;
    set_timer(NEVER);
    kill(program, SIGKILL);
  }
  ssize_t length = recv(ends[0], word, sizeof word, MSG_DONTWAIT);
  word_length = length > 0 ? (size_t)length : 0;
  close(ends[0]);
}

static _Noreturn void finish(int code) {
  word_length = 0;
  hold_sockets();
  _exit(code);
}

/* Why the program is started next. After a crash nothing but the time and the end counts. */
static const char *sleep_until(int64_t due, const char *cause) {
  bool is_pause = last_signal != 0;
  for (;;) {
    int64_t look = is_blind && !is_pause ? now_ms() + BLIND_MS : NEVER;
    set_timer(due < look ? due : look);
    int signal = await(is_pause ? CHANGES : ALL);
    if (signal == SIGTERM || signal == SIGINT) {
      if (end_ms == NEVER) finish(is_pause ? 128 + last_signal : 0);
      return "end";
    }
    if (now_ms() >= due) return cause;
    if (is_pause) continue;
    if (signal == SIGHUP) return "hangup";
    for (char events[4096]; read(fds[CHANGES].fd, events, sizeof events) > 0;) continue;
    if ((fds[CHANGES].revents != 0 || now_ms() >= look) && is_any_changed()) return "change";
    for (int index = SOCKETS; index < ALL; index++)
      if (fds[index].revents != 0) return "connection";
  }
}

static const char *rest(void) {
  bool is_settled = hold_sockets();
  is_blind = false;
  if (is_hung_up) return "hangup";
  if (find_line(word, "watch ") != NULL) fds[CHANGES].fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (is_any_changed()) return "change";
  return is_settled ? sleep_until(read_ms("due "), "due") : "connection";
}

static const char *pause_after_crash(void) {
  struct timespec chance;
  int64_t half = (int64_t)FIRST_PAUSE_MS << (crashes - 1);
  half = (half < LONGEST_PAUSE_MS ? half : LONGEST_PAUSE_MS) / 2;
  clock_gettime(CLOCK_BOOTTIME, &chance);
  half += half * (chance.tv_nsec % 1000000) / 1000000;
  complain("signal %d has ended the program; it is started again in %jd ms\n", last_signal, (intmax_t)half);
  return sleep_until(now_ms() + half, "crash");
}

/* Why the program is started next; ends the waiter where it is not. */
static const char *judge(void) {
  bool is_crash = WIFSIGNALED(status), is_word = status == 0 && split_last_word();
  int code = is_crash ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (code == 0 && !is_word && word_length > 0) complain("what the program has written is no last word\n");
  if (is_last || (!is_crash && !is_word)) finish(code);
  last_signal = is_crash ? WTERMSIG(status) : 0;
  crashes = is_crash ? crashes + 1 : 0;
  if (is_word) end_ms = read_ms("end ");
  if (is_stopping && (end_ms == NEVER || (is_crash && is_killed))) finish(code);
  if (is_stopping) return "end";
  if (is_word) return rest();
  if (crashes >= MAX_CRASHES) finish(code);
  return pause_after_crash();
}

/* False where this kernel has no such descriptors. */
static bool set_up(void) {
  sigset_t all;
  sigfillset(&all);
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (int index = 0; index < ALL; index++) fds[index] = (struct pollfd){-1, POLLIN, 0};
  fds[SIGNALS].fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  fds[TIMER].fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  /* Where it is not process 1. */
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  return fds[SIGNALS].fd >= 0 && fds[TIMER].fd >= 0;
}

int main(int count, char **arguments) {
  char **verb = arguments + 2;
  if (count < 2) {
    complain("expected the program to start: waiter PROGRAM [-FLAG ...] SCRIPT [WORD ...]\n");
    return 2;
  }
  words = arguments + 1;
  sigprocmask(SIG_BLOCK, NULL, &found_mask);
  while (*verb != NULL && **verb == '-') verb++;
  if (*verb != NULL && *++verb != NULL && **verb != '-' && strcmp(*verb, "agent") != 0) {
    answer(verb);
    execute();
  }
  if (!set_up()) {
    complain("cannot wait here: %s; the program stays instead\n", strerror(errno));
    execute();
  }
  for (const char *cause = "start";;) {
    run(cause);
    int64_t since = now_ms();
    cause = judge();
    slept_ms = now_ms() - since;
  }
}
