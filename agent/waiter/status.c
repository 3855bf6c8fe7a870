/* Answers of an agent that may be asleep, from the file that it leaves. docs/waiter.md describes it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "waiter.h"

enum { MAX_FILE = 4 << 20, MARK_WIDTH = 11 };
struct report { int64_t origin, ready, healthy, overdue; size_t text, json; };

/* As formatSpan of agent/status-text.ts. */
static int print_span(int64_t ms) {
  static const struct { char name; int64_t seconds; } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
  int64_t left = ms < 0 ? 0 : (ms + 500) / 1000;
  int unit = 0;
  while (unit < 3 && left < units[unit].seconds) unit++;
  int width = printf("%" PRId64 "%c", left / units[unit].seconds, units[unit].name);
  left %= units[unit].seconds;
  if (unit == 3 || left < units[unit + 1].seconds) return width;
  return width + printf("%" PRId64 "%c", left / units[unit + 1].seconds, units[unit + 1].name);
}

/* As formatPoint of agent/status-text.ts. */
static int print_point(int64_t left) {
  if (left > -1000 && left <= 0) return printf("now");
  int width = left > 0 ? printf("in ") : 0;
  width += print_span(left > 0 ? left : -left);
  return left > 0 ? width : width + printf(" ago");
}

static void print_text(const char *at, const char *end, int64_t now) {
  for (int spaces = 0; at < end; at++) {
    char kind;
    int64_t ms;
    int length = 0;
    if (*at == ' ') {
      spaces++;
      continue;
    }
    printf("%*s", *at == '\n' ? 0 : spaces, "");
    spaces = 0;
    if (*at == 1) sscanf(at, "\1%c%*1[ ]%16" SCNd64 "%*1[\2]%n", &kind, &ms, &length);
    if (length == 0) {
      putchar(*at);
      continue;
    }
    int width = kind == 'a' ? print_span(now - ms) : print_point(ms - now);
    at += length - 1;
    if (at[1] == ' ' && width < MARK_WIDTH) spaces = MARK_WIDTH - width;
  }
}

/* False unless it is all there. */
static bool read_report(char *bytes, struct report *report, const char **body) {
  const char *path = getenv("CLAVIGER_STATUS_FILE");
  int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC), head = 0;
  ssize_t size = fd < 0 ? -1 : read(fd, bytes, MAX_FILE + 1);
  if (size <= 0 || size > MAX_FILE) return false;
  sscanf(bytes, "claviger-status 1 origin %" SCNd64 " ready %" SCNd64 " healthy %" SCNd64 " overdue %" SCNd64
    " text %zu json %zu%n", &report->origin, &report->ready, &report->healthy, &report->overdue, &report->text,
    &report->json, &head);
  size_t left = (size_t)size - (size_t)head;
  *body = bytes + head + 1;
  return head > 0 && bytes[head] == '\n' && report->text < left && report->json == left - 1 - report->text;
}

void answer(char **words) {
  static char bytes[MAX_FILE + 2];
  struct report report;
  const char *body;
  bool is_status = strcmp(words[0], "status") == 0, is_ready = strcmp(words[0], "ready") == 0;
  bool is_json = is_status && words[1] != NULL && strcmp(words[1], "-json") == 0;
  if (words[is_json ? 2 : 1] != NULL || (!is_status && !is_ready && strcmp(words[0], "live") != 0)) return;
  if (!read_report(bytes, &report, &body)) return;
  int64_t now = report.origin + now_ms();
  bool is_good = is_status ? now < report.healthy : is_ready ? report.ready == 1 : now <= report.overdue;
  if (is_ready) puts(is_good ? "ready" : "not ready");
  else if (!is_status) puts(is_good ? "alive" : "overdue");
  else if (is_json) fwrite(body + report.text, 1, report.json, stdout);
  else print_text(body, body + report.text, now);
  exit(fflush(stdout) == 0 && is_good ? 0 : 1);
}
