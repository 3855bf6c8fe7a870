/* Starts the agent's program for a step and sleeps until the next one. docs/waiter.md is what they say to each other. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
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
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef FIRST_PAUSE_MS
#define FIRST_PAUSE_MS 1000L
#define STOP_MS 30000
#endif
#define NEVER INT64_MAX
#define is_end(signal) ((signal) == SIGTERM || (signal) == SIGINT)
#define complain(...) dprintf(STDERR_FILENO, "waiter: " __VA_ARGS__)
enum { MAX_WORD = 16384, MAX_SOCKETS = 8, MAX_CRASHES = 6, LONGEST_PAUSE_MS = 60000, MAX_STATUS = 4 << 20, MARK_WIDTH = 11 };
/* What is polled: the first two always, the others at rest. */
enum { SIGNALS, TIMER, CHANGES, SOCKETS, ALL = SOCKETS + MAX_SOCKETS };

static char **words, addresses[MAX_SOCKETS][128], word[MAX_WORD + 1];
static struct pollfd fds[ALL];
static sigset_t found_mask;
static long end_ms = NEVER, since_ms, word_length;
static int program, status, crashes, last_signal;
static bool is_last, is_stopping, is_hung_up;

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A nanosecond later, since zero would be never. */
static void set_timer(long ms) {
  struct itimerspec off = {0}, at = {.it_value = {ms / 1000, ms % 1000 * 1000000 + 1}};
  timerfd_settime(fds[TIMER].fd, TFD_TIMER_ABSTIME, ms == NEVER ? &off : &at, NULL);
}

/* What follows `start` in the next line of the last word that starts so; NULL when there is none. */
static char *find_line(char *from, const char *start) {
  for (size_t length = strlen(start); from < word + word_length; from += strlen(from) + 1)
    if (strncmp(from, start, length) == 0) return from + length;
  return NULL;
}

/* The number of such a line, else NEVER. Of 16 digits at most, so that no sum of two is too much. */
static long read_ms(const char *start) {
  const char *at = find_line(word, start);
  long ms;
  return at != NULL && sscanf(at, "%16ld", &ms) == 1 && ms >= 0 ? ms : NEVER;
}

/* Makes each line a string; false if it is no last word, or not whole. */
static bool split_last_word(void) {
  static const char head[] = "claviger-wait 1\n";
  if (word_length < (long)sizeof head || word_length > MAX_WORD || strncmp(word, head, sizeof head - 1) != 0) return false;
  if (memcmp(word + word_length - 3, "\n.\n", 3) != 0) return false;
  for (char *at = word; (at = memchr(at, '\n', (size_t)(word + word_length - at))) != NULL;) *at = '\0';
  return find_line(word, "due ") != NULL;
}

/* A listening socket at the address of a line; -1 where there can be none. The port is at the same place in both. */
static int open_socket(const char *line) {
  union { struct sockaddr any; struct sockaddr_un local; struct sockaddr_in four; struct sockaddr_in6 six; } at = {0};
  char ip[INET6_ADDRSTRLEN] = "";
  sscanf(line, "tcp %45s %5hu", ip, &at.four.sin_port);
  at.four.sin_port = htons(at.four.sin_port);
  if (inet_pton(AF_INET, ip, &at.four.sin_addr) == 1) at.any.sa_family = AF_INET;
  else if (inet_pton(AF_INET6, ip, &at.six.sin6_addr) == 1) at.any.sa_family = AF_INET6;
  else if (strncmp(line, "unix /", 6) == 0 && strlen(line + 5) < sizeof at.local.sun_path)
    at.any.sa_family = AF_UNIX, strcpy(at.local.sun_path, line + 5);
  int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
  if (bind(fd, &at.any, sizeof at.local) == 0 && listen(fd, SOMAXCONN) == 0) return fd;
  close(fd);
  return -1;
}

/* MAX_SOCKETS where it is not held. */
static int find_socket(const char *address) {
  int index = 0;
  while (index < MAX_SOCKETS && strcmp(addresses[index], address) != 0) index++;
  return index;
}

/* Those of the last word, and no others; one that cannot be opened is left to the program. */
static void hold_sockets(void) {
  bool is_asked[MAX_SOCKETS + 1] = {false};
  for (char *at = word; (at = find_line(at, "listen ")) != NULL;) is_asked[find_socket(at)] = true;
  for (int index = 0; index < MAX_SOCKETS; index++)
    if (!is_asked[index]) close(fds[SOCKETS + index].fd), fds[SOCKETS + index].fd = -1, addresses[index][0] = '\0';
  for (char *at = word; (at = find_line(at, "listen ")) != NULL;) {
    int index = find_socket("");
    if (index == MAX_SOCKETS || find_socket(at) < MAX_SOCKETS) continue;
    fds[SOCKETS + index].fd = open_socket(at);
    if (fds[SOCKETS + index].fd >= 0) snprintf(addresses[index], sizeof *addresses, "%s", at);
  }
}

/* Each file and the directory of its name: watched first and looked at then, or a change in between would be lost. */
static bool is_any_changed(void) {
  for (char *at = word; (at = find_line(at, "watch ")) != NULL;) {
    char stamp[64] = "0:0 ", *path = strchr(at, '/'), *name = path == NULL ? at : strrchr(path, '/') + 1, first = *name;
    struct stat found;
    if (path == NULL) continue;
    *name = '\0';
    inotify_add_watch(fds[CHANGES].fd, path, IN_CREATE | IN_DELETE | IN_MOVE | IN_MASK_ADD);
    *name = first;
    inotify_add_watch(fds[CHANGES].fd, path, IN_ATTRIB | IN_MODIFY | IN_MASK_ADD);
    if (stat(path, &found) == 0)
      sprintf(stamp, "%lu:%ld ", found.st_ino, found.st_ctim.tv_sec * 1000000000 + found.st_ctim.tv_nsec);
    if (strncmp(at, stamp, strlen(stamp)) != 0) return true;
  }
  return false;
}

static _Noreturn void execute(void) {
  sigprocmask(SIG_SETMASK, &found_mask, NULL);
  execv(*words, words);
  complain("cannot execute %s: %m; it has to be a program for this image and platform\n", *words);
  _exit(127);
}

/* In the child, where putenv may take memory. */
static _Noreturn void become_program(int word_end, const char *cause) {
  char own[96], held[sizeof addresses + 16 * MAX_SOCKETS] = "CLAVIGER_SOCKETS=", *end = strchr(held, '\0');
  sprintf(own, "CLAVIGER_WAITER=%d %s %ld %d", word_end, cause, now_ms() - since_ms, last_signal);
  putenv(own);
  putenv(held);
  fcntl(word_end, F_SETFD, 0);
  for (int index = 0; index < MAX_SOCKETS; index++)
    if (addresses[index][0] != '\0') end += sprintf(end, "%d %s\n", fds[SOCKETS + index].fd, addresses[index]);
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

/* Leaves how it has ended in `status`, what it wrote in `word`. A program that cannot be started counts as killed. */
static void run(const char *cause) {
  int ends[2] = {-1, -1};
  is_last = strcmp(cause, "end") == 0;
  is_stopping = is_hung_up = false, status = SIGKILL;
  set_timer(is_last ? now_ms() + end_ms : NEVER);
  program = socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) == 0 ? fork() : -1;
  if (program == 0) become_program(ends[1], cause);
  if (program < 0) complain("cannot start the program: %m\n");
  close(ends[1]);
  close(fds[CHANGES].fd), fds[CHANGES].fd = -1; /* Not before the start, since it may take a while. */
  while (program > 0) {
    int signal = await(CHANGES);
    if (program > 0 && fds[TIMER].revents != 0) {
      complain("the program has not ended in time and is killed\n");
      kill(program, SIGKILL);
      _exit(128 + SIGKILL);
    }
    if (is_last || (!is_end(signal) && signal != SIGHUP)) continue;
    if (program > 0) kill(program, signal);
    if (is_end(signal) && !is_stopping) set_timer(now_ms() + STOP_MS);
    is_stopping = is_stopping || is_end(signal);
    is_hung_up = is_hung_up || signal == SIGHUP;
  }
  word_length = recv(ends[0], word, sizeof word, MSG_DONTWAIT);
  close(ends[0]);
  since_ms = now_ms();
}

/* Why the program is started next. After a crash nothing but the time and the end counts. */
static const char *sleep_until(long due, const char *cause) {
  bool is_pause = last_signal != 0;
  set_timer(due);
  for (;;) {
    int signal = await(is_pause ? CHANGES : ALL);
    if (is_end(signal) && end_ms == NEVER) _exit(is_pause ? 128 + last_signal : 0);
    if (is_end(signal)) return "end";
    if (fds[TIMER].revents != 0) return cause;
    if (is_pause) continue;
    if (signal == SIGHUP) return "hangup";
    for (char events[4096]; read(fds[CHANGES].fd, events, sizeof events) > 0;) continue;
    if (fds[CHANGES].revents != 0 && is_any_changed()) return "change";
    for (int index = SOCKETS; index < ALL; index++)
      if (fds[index].revents != 0) return "connection";
  }
}

static const char *rest(void) {
  hold_sockets();
  if (is_hung_up) return "hangup";
  if (find_line(word, "watch ") != NULL) fds[CHANGES].fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  return is_any_changed() ? "change" : sleep_until(read_ms("due "), "due");
}

/* The part by chance is of the clock, which no two agents read at the same moment. */
static const char *pause_after_crash(void) {
  long longest = FIRST_PAUSE_MS << (crashes - 1), half = (longest < LONGEST_PAUSE_MS ? longest : LONGEST_PAUSE_MS) / 2;
  long pause = half + half * (now_ms() % 1000) / 1000;
  complain("signal %d has ended the program; it is started again in %ld ms\n", last_signal, pause);
  return sleep_until(now_ms() + pause, "crash");
}

/* Why the program is started next; ends the waiter where it is not. */
static const char *judge(void) {
  bool is_crash = WIFSIGNALED(status), is_word = status == 0 && split_last_word();
  int code = is_crash ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (code == 0 && !is_word && word_length > 0) complain("what the program has written is no last word\n");
  if (is_last || (!is_crash && !is_word)) _exit(code);
  last_signal = is_crash ? WTERMSIG(status) : 0;
  crashes = is_crash ? crashes + 1 : 0;
  if (is_word) end_ms = read_ms("end ");
  if (is_stopping ? end_ms == NEVER : crashes >= MAX_CRASHES) _exit(code);
  return is_stopping ? "end" : is_word ? rest() : pause_after_crash();
}

/* As formatSpan (kind a: `ms` ago) and formatPoint (kind p: `ms` ahead) of agent/time-text.ts. */
static void print_mark(char kind, long ms, int width) {
  static const long sizes[] = {86400, 3600, 60, 1};
  bool is_past = kind == 'p' && ms <= 0;
  long span = (is_past ? 500 - ms : ms < 0 ? 0 : ms + 500) / 1000;
  int unit = 0;
  char text[64], *end = text;
  while (unit < 3 && span < sizes[unit]) unit++;
  end += sprintf(end, "%s%ld%c", kind == 'p' && !is_past ? "in " : "", span / sizes[unit], "dhms"[unit]);
  span %= sizes[unit++];
  if (unit < 4 && span >= sizes[unit]) end += sprintf(end, "%ld%c", span / sizes[unit], "dhms"[unit]);
  if (is_past) strcpy(end, " ago");
  printf("%-*s", width, is_past && ms > -1000 ? "now" : text);
}

static void print_text(char *at, long now) {
  for (char *end = at; *at != '\0'; at = ++end) {
    long ms = *at == '\1' && at[1] != '\0' ? strtol(at + 2, &end, 10) : 0;
    bool is_mark = end > at && *end == '\2' && end - at < 20;
    if (is_mark) print_mark(at[1], at[1] == 'a' ? now - ms : ms - now, end[1] == ' ' ? MARK_WIDTH : 0);
    else putchar(*(end = at));
  }
}

/* Answers `status`, `ready` and `live` from the status file and exits; returns where only the program can answer. */
static void answer(char **verb) {
  static char bytes[MAX_STATUS + 3];
  const char *path = getenv("CLAVIGER_STATUS_FILE");
  long origin, ready, healthy, overdue;
  bool is_status = strcmp(*verb, "status") == 0, is_ready = strcmp(*verb, "ready") == 0;
  bool is_json = is_status && verb[1] != NULL && strcmp(verb[1], "-json") == 0;
  if (verb[is_json ? 2 : 1] != NULL || (!is_status && !is_ready && strcmp(*verb, "live") != 0)) return;
  int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC), head = 0;
  if (read(fd, bytes, MAX_STATUS + 1) > MAX_STATUS || sscanf(bytes, "claviger-status 1 origin %16ld ready %16ld"
    " healthy %16ld overdue %16ld%n", &origin, &ready, &healthy, &overdue, &head) < 4) return;
  char *text = bytes + head + 1, *json = text + strlen(text) + 1;
  long now = origin + now_ms();
  bool is_good = is_status ? now < healthy : is_ready ? ready == 1 : now <= overdue;
  if (is_ready) puts(is_good ? "ready" : "not ready");
  else if (!is_status) puts(is_good ? "alive" : "overdue");
  else if (is_json) fputs(json, stdout);
  else print_text(text, now);
  exit(fflush(stdout) == 0 && is_good ? 0 : 1);
}

int main(int count, char **arguments) {
  /* Small young generation, a bounded heap, no threads of V8, no roots before they are needed. SIGUSR1 must not open the
     inspector, which would show every secret. */
  static char *const standard[] = {"/usr/local/bin/node", "--disable-sigusr1", "--max-semi-space-size=1",
    "--max-old-space-size=64", "--v8-pool-size=0", "--use-openssl-ca", "/claviger/agent.cjs"};
  char *all[sizeof standard / sizeof *standard + (size_t)count];
  sigset_t blocked;
  memcpy(mempcpy(all, standard, sizeof standard), arguments + 1, (size_t)count * sizeof *all);
  words = count > 1 && *arguments[1] == '/' ? arguments + 1 : all;
  char **verb = words + 1;
  while (*verb != NULL && **verb == '-') verb++;
  sigfillset(&blocked);
  sigprocmask(SIG_BLOCK, &blocked, &found_mask);
  if (*verb != NULL && *++verb != NULL && **verb != '-' && strcmp(*verb, "agent") != 0) answer(verb), execute();
  signal(SIGCHLD, SIG_DFL);
  for (int index = 0; index < ALL; index++) fds[index] = (struct pollfd){-1, POLLIN, 0};
  fds[SIGNALS].fd = signalfd(-1, &blocked, SFD_CLOEXEC | SFD_NONBLOCK);
  fds[TIMER].fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (fds[SIGNALS].fd < 0 || fds[TIMER].fd < 0) execute(); /* Which then stays. */
  prctl(PR_SET_CHILD_SUBREAPER, 1); /* Where it is not process 1. */
  since_ms = now_ms();
  for (const char *cause = "start";; cause = judge()) run(cause);
}
