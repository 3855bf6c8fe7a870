/* Plays the agent's program: tells the test what it found, and does what the test says, line by line. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *test;
static sigset_t all, found;

static void tell_start(void) {
  const char *held = getenv("CLAVIGER_SOCKETS");
  int count = 0;
  for (int signal = 1; signal < 32; signal++) count += sigismember(&found, signal) == 1;
  fprintf(test, "%d|%d|%s|", getpid(), count, getenv("CLAVIGER_WAITER"));
  for (; held != NULL && *held != '\0'; held++) fputc(*held == '\n' ? '|' : *held, test);
  fputc('\n', test);
}

static void write_word(int fd, const char *hex) {
  static char bytes[1 << 20];
  size_t length = 0;
  unsigned byte;
  for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) bytes[length++] = (char)byte;
  if (write(fd, bytes, length) < 0) fputs("cannot write, ", test);
}

/* Children of a child that is gone. */
static void leave_orphans(int count) {
  pid_t between = fork();
  if (between == 0) {
    for (int index = 0; index < count; index++)
      if (fork() == 0) _exit(0);
    _exit(0);
  }
  waitpid(between, NULL, 0);
}

static void serve(int fd) {
  int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
  if (client < 0 || write(client, "served\n", 7) < 0) fputs("cannot serve, ", test);
  close(client);
}

static void obey(char *line) {
  char *rest = strchr(line, ' ');
  int number = rest == NULL ? 0 : atoi(rest);
  if (strncmp(line, "word ", 5) == 0) write_word(atoi(getenv("CLAVIGER_WAITER")), line + 5);
  if (strncmp(line, "orphans ", 8) == 0) leave_orphans(number);
  if (strncmp(line, "serve ", 6) == 0) serve(number);
  if (strncmp(line, "exit ", 5) == 0) _exit(number);
  if (strncmp(line, "die ", 4) == 0) {
    sigset_t none;
    sigemptyset(&none);
    signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    kill(getpid(), number);
  }
  fputs("done\n", test);
}

int main(void) {
  static char line[3 << 20];
  struct sockaddr_un place = {.sun_family = AF_UNIX};
  strcpy(place.sun_path, getenv("STUB_SOCKET"));
  sigfillset(&all);
  sigdelset(&all, SIGCHLD);
  sigprocmask(SIG_BLOCK, &all, &found);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, (struct sockaddr *)&place, sizeof place) != 0) return 99;
  FILE *commands = fdopen(fd, "r");
  test = fdopen(fcntl(fd, F_DUPFD_CLOEXEC, 0), "w");
  setvbuf(commands, NULL, _IONBF, 0);
  setvbuf(test, NULL, _IOLBF, BUFSIZ);
  tell_start();
  struct pollfd fds[] = {{fd, POLLIN, 0}, {signalfd(-1, &all, SFD_CLOEXEC), POLLIN, 0}};
  while (poll(fds, 2, -1) >= 0) {
    struct signalfd_siginfo info;
    if (fds[1].revents != 0 && read(fds[1].fd, &info, sizeof info) > 0)
      fprintf(test, "signal %d\n", (int)info.ssi_signo);
    if (fds[0].revents == 0) continue;
    if (fgets(line, sizeof line, commands) == NULL) return 98;
    obey(line);
  }
}
