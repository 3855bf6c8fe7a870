/* What the program writes before it ends, taken apart in place. docs/waiter.md has the grammar. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "waiter.h"

enum { MAX_FILES = 512 };

char word[MAX_WORD + 1];
size_t word_length;

char *find_line(char *from, const char *start) {
  for (size_t length = strlen(start); from < word + word_length; from += strlen(from) + 1)
    if (strncmp(from, start, length) == 0) return from + length;
  return NULL;
}

int64_t read_ms(const char *start) {
  char *at = find_line(word, start);
  return at == NULL || *at == 'n' ? NEVER : strtoll(at, NULL, 10);
}

socklen_t read_address(const char *at, union place *place) {
  char ip[INET6_ADDRSTRLEN], port[6];
  int end = 0;
  memset(place, 0, sizeof *place);
  if (strncmp(at, "unix /", 6) == 0 && strlen(at + 5) < sizeof place->local.sun_path) {
    place->local.sun_family = AF_UNIX;
    strcpy(place->local.sun_path, at + 5);
    return sizeof place->local;
  }
  sscanf(at, "tcp%*1[ ]%45[^ ]%*1[ ]%5[0-9]%n", ip, port, &end);
  if (end == 0 || at[end] != '\0' || atoi(port) == 0 || atoi(port) > UINT16_MAX) return 0;
  bool is_four = inet_pton(AF_INET, ip, &place->four.sin_addr) == 1;
  if (!is_four && inet_pton(AF_INET6, ip, &place->six.sin6_addr) != 1) return 0;
  place->any.sa_family = is_four ? AF_INET : AF_INET6;
  *(is_four ? &place->four.sin_port : &place->six.sin6_port) = htons((uint16_t)atoi(port));
  return is_four ? sizeof place->four : sizeof place->six;
}

static bool is_line(const char *line) {
  static const char *const forms[] = {"due%*1[ ]never%n", "due%*1[ ]%*16[0-9]%n", "end%*1[ ]%*16[0-9]%n",
    "watch%*1[ ]%*20[0-9]:%*20[0-9]%*1[ ]/%*[^\n]%n"};
  union place place;
  int end = 0;
  if (strncmp(line, "listen ", 7) == 0) return read_address(line + 7, &place) > 0;
  for (size_t form = 0; end == 0 && form < sizeof forms / sizeof *forms; form++) sscanf(line, forms[form], &end);
  return end > 0 && line[end] == '\0';
}

bool split_last_word(void) {
  static const char head[] = "claviger-wait 1\n";
  size_t start = sizeof head - 1, files = 0, listeners = 0;
  if (word_length < start + 2 || word_length > MAX_WORD || memchr(word, '\0', word_length) != NULL) return false;
  if (memcmp(word, head, start) != 0 || memcmp(word + word_length - 3, "\n.\n", 3) != 0) return false;
  word_length -= 2;
  for (char *at = word; (at = memchr(at, '\n', word_length - (size_t)(at - word))) != NULL;) *at = '\0';
  for (char *line = word + start; line < word + word_length; line += strlen(line) + 1) {
    if (!is_line(line)) return false;
    files += *line == 'w';
    listeners += *line == 'l';
  }
  return files <= MAX_FILES && listeners <= MAX_SOCKETS;
}
