#include "dumper/cli/password.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "dumper/cli/secrets.h"
#include "dumper/cli/signals.h"

/* One byte a call: what follows the line, on standard input, is not ours to take. */
static CliPromptResult read_line(int fd, char *answer, size_t size) {
    size_t used = 0;
    bool too_long = false;
    for (;;) {
        char c;
        if (cli_signals_received()) {
            return CLI_PROMPT_INTERRUPTED;
        }
        ssize_t n = read(fd, &c, 1);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0 || (n == 0 && used == 0)) {
            return CLI_PROMPT_FAILED;
        }
        if (n == 0 || c == '\n') {
            break;
        }
        if (used + 1 < size) {
            answer[used++] = c;
        } else {
            too_long = true;
        }
    }
    if (used > 0 && answer[used - 1] == '\r') {
        used--;
    }
    answer[used] = '\0';
    return too_long ? CLI_PROMPT_TOO_LONG : CLI_PROMPT_OK;
}

static CliPromptResult read_from_terminal(int tty, const char *prompt, char *answer, size_t size) {
    struct termios before;
    if (tcgetattr(tty, &before) != 0) {
        return CLI_PROMPT_NO_TERMINAL;
    }
    struct termios quiet = before;
    quiet.c_lflag &= (tcflag_t) ~(tcflag_t)(ECHO | ECHOE | ECHOK);
    quiet.c_lflag |= ECHONL;
    while (tcsetattr(tty, TCSAFLUSH, &quiet) != 0) {
        if (errno != EINTR) {
            return CLI_PROMPT_NO_TERMINAL;
        }
    }
    (void)!write(tty, prompt, strlen(prompt));
    CliPromptResult result = read_line(tty, answer, size);
    if (result == CLI_PROMPT_INTERRUPTED) {
        (void)!write(tty, "\n", 1);
    }
    while (tcsetattr(tty, TCSANOW, &before) != 0 && errno == EINTR) {
    }
    return result;
}

CliPromptResult cli_prompt_password(const char *prompt, bool stdin_too, char *answer, size_t size) {
    CliPromptResult result = CLI_PROMPT_NO_TERMINAL;
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (tty >= 0) {
        result = read_from_terminal(tty, prompt, answer, size);
        close(tty);
    } else if (stdin_too) {
        result = read_line(STDIN_FILENO, answer, size);
    }
    if (result != CLI_PROMPT_OK) {
        cli_wipe(answer, size);
    }
    return result;
}

bool cli_confirm(const char *prompt) {
    char answer[16];
    if (!isatty(STDIN_FILENO)) {
        return false;
    }
    (void)!write(STDERR_FILENO, prompt, strlen(prompt));
    return read_line(STDIN_FILENO, answer, sizeof answer) == CLI_PROMPT_OK && strcmp(answer, "yes") == 0;
}
