/* What the files of the waiter know of each other. */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#define NEVER INT64_MAX
#define each_line(at, start) (char *at = find_line(word, start); at != NULL; at = find_line(at, start))

enum { MAX_WORD = 16384, MAX_SOCKETS = 8 };
union place { struct sockaddr any; struct sockaddr_un local; struct sockaddr_in four; struct sockaddr_in6 six; };

/* Milliseconds of CLOCK_BOOTTIME. */
int64_t now_ms(void);

/* The last word, one byte longer than it may be. */
extern char word[MAX_WORD + 1];
extern size_t word_length;
/* Makes each of its lines a string; false if it is no last word, or not whole. */
bool split_last_word(void);
/* What follows `start` in the next line that starts so; NULL when there is none. */
char *find_line(char *from, const char *start);
/* The number of such a line; NEVER without. */
int64_t read_ms(const char *start);
/* The length of the address; 0 if it is none. */
socklen_t read_address(const char *at, union place *place);

/* Answers `status`, `ready` and `live` from the status file and exits; returns where only the program can answer. */
void answer(char **words);
