#include "sqlgen/quote.h"

#include <string.h>

#include "tests/unit/sqlgen/render.h"

static const DnSpelling modern = {.std_strings = true, .major = 18};
static const DnSpelling oldest = {.std_strings = true, .major = 12};
static const DnSpelling backslashes = {.std_strings = false, .major = 15};
static const DnSpelling quoting_all = {.std_strings = true, .quote_all = true, .major = 15};

/* One of two buffers, in turn: good until the call after the next. */
static DnBuf *next_text(void) {
    static DnBuf texts[2];
    static size_t turn;
    DnBuf *text = &texts[turn++ % 2];
    dn_buf_clear(text);
    return text;
}

static const char *ident(const DnSpelling *spelling, const char *name) {
    DnBuf *text = next_text();
    dn_ident(text, spelling, name);
    return dn_buf_text(text);
}

static const char *literal(const DnSpelling *spelling, const char *value) {
    DnBuf *text = next_text();
    dn_literal(text, spelling, value);
    return dn_buf_text(text);
}

static const char *dollar(const char *value, const char *prefix) {
    DnBuf *text = next_text();
    dn_dollar(text, value, prefix);
    return dn_buf_text(text);
}

static const char *comment(const char *value) {
    DnBuf *text = next_text();
    dn_comment_text(text, value, "-");
    return dn_buf_text(text);
}

static const char *options(const DnSpelling *spelling, const char *array, const char *prefix) {
    DnBuf *text = next_text();
    dn_reloptions(text, spelling, array, prefix);
    return dn_buf_text(text);
}

/* ---- Identifiers ----------------------------------------------------------------- */

static void plain_names_stay_as_they_are(void **state) {
    (void)state;
    static const char *const names[] = {"a", "_", "users", "_1", "t2_x", "zzz"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_string_equal(ident(&modern, names[i]), names[i]);
    }
}

static void other_names_are_quoted(void **state) {
    (void)state;
    assert_string_equal(ident(&modern, "Users"), "\"Users\"");
    assert_string_equal(ident(&modern, "1st"), "\"1st\"");
    assert_string_equal(ident(&modern, "a$"), "\"a$\"");
    assert_string_equal(ident(&modern, "a b"), "\"a b\"");
    assert_string_equal(ident(&modern, "a.b"), "\"a.b\"");
    assert_string_equal(ident(&modern, "\xc3\xbc"
                                       "ber"),
                        "\"\xc3\xbc"
                        "ber\"");
    assert_string_equal(ident(&modern, "a\n\\! ls"), "\"a\n\\! ls\"");
}

static void quotes_in_names_are_doubled(void **state) {
    (void)state;
    assert_string_equal(ident(&modern, "\""), "\"\"\"\"");
    assert_string_equal(ident(&modern, "a\"; DROP TABLE x; --"), "\"a\"\"; DROP TABLE x; --\"");
    assert_string_equal(ident(&modern, "it's"), "\"it's\"");
}

static void reserved_words_are_quoted(void **state) {
    (void)state;
    assert_string_equal(ident(&modern, "select"), "\"select\"");
    assert_string_equal(ident(&modern, "all"), "\"all\""); /* the table's first */
    assert_string_equal(ident(&modern, "between"),
                        "\"between\""); /* usable as a column's name, quoted all the same */
    assert_string_equal(ident(&modern, "left"), "\"left\"");
    assert_string_equal(ident(&modern, "name"), "name"); /* unreserved */
    assert_string_equal(ident(&modern, "selects"), "selects");
}

static void reserved_words_grew_with_the_versions(void **state) {
    (void)state;
    static const struct {
        const char *word;
        int since;
    } words[] = {{"normalize", 13}, {"json_scalar", 17}, {"merge_action", 17}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        DnSpelling before = {.std_strings = true, .major = words[i].since - 1};
        DnSpelling since = {.std_strings = true, .major = words[i].since};
        assert_string_equal(ident(&before, words[i].word), words[i].word);
        assert_int_equal(*ident(&since, words[i].word), '"');
    }
    assert_string_equal(ident(&oldest, "select"), "\"select\"");
}

static void quote_all_quotes_all(void **state) {
    (void)state;
    assert_string_equal(ident(&quoting_all, "users"), "\"users\"");
}

static void schema_goes_before_the_name(void **state) {
    (void)state;
    DnBuf *text = next_text();
    dn_qualified(text, &modern, "My.Schema", "t");
    dn_buf_char(text, ' ');
    dn_qualified(text, &modern, NULL, "T");
    assert_string_equal(dn_buf_text(text), "\"My.Schema\".t \"T\"");
}

static void keywords_are_sorted(void **state) {
    (void)state;
    static const char *const words[] = {
#define DN_KEYWORD(word, since) word,
#include "sqlgen/keywords.def"
#undef DN_KEYWORD
    };
    for (size_t i = 1; i < sizeof words / sizeof words[0]; i++) {
        assert_true(strcmp(words[i - 1], words[i]) < 0);
    }
}

/* ---- Literals -------------------------------------------------------------------- */

static void literals_double_quotes(void **state) {
    (void)state;
    assert_string_equal(literal(&modern, ""), "''");
    assert_string_equal(literal(&modern, "it's"), "'it''s'");
    assert_string_equal(literal(&modern, "'"), "''''");
    assert_string_equal(literal(&modern, "a\nb\t\"$$"), "'a\nb\t\"$$'");
}

static void backslashes_matter_only_where_strings_treat_them(void **state) {
    (void)state;
    assert_string_equal(literal(&modern, "a\\'b"), "'a\\''b'");
    assert_string_equal(literal(&backslashes, "a\\'b"), "'a\\\\''b'");
    assert_string_equal(literal(&backslashes, "\\"), "'\\\\'");
}

static void dollar_tags_do_not_occur_in_the_text(void **state) {
    (void)state;
    assert_string_equal(dollar("a'b", ""), "$$a'b$$");
    assert_string_equal(dollar("costs 5$", ""), "$_$costs 5$$_$");
    assert_string_equal(dollar("$$ $_$", ""), "$_X$$$ $_$$_X$");
    assert_string_equal(dollar("x", "_"), "$_$x$_$");
    assert_string_equal(dollar("$function$", "function"), "$function_$$function$$function_$");
    /* What comes after the text must not make a tag of its last bytes. */
    assert_string_equal(dollar("$_", ""), "$_X$$_$_X$");
    assert_string_equal(dollar("$_XXXXXXX", ""), "$_XXXXXXX_$$_XXXXXXX$_XXXXXXX_$");
}

static void bodies_are_literals_where_that_reads_well(void **state) {
    (void)state;
    DnBuf *text = next_text();
    dn_literal_or_dollar(text, &modern, "SELECT 1");
    assert_string_equal(dn_buf_text(text), "'SELECT 1'");
    text = next_text();
    dn_literal_or_dollar(text, &modern, "SELECT 'a'");
    assert_string_equal(dn_buf_text(text), "$$SELECT 'a'$$");
    text = next_text();
    dn_literal_or_dollar(text, &modern, "\\");
    assert_string_equal(dn_buf_text(text), "$$\\$$");
}

static void comments_stay_on_their_line(void **state) {
    (void)state;
    assert_string_equal(comment("users"), "users");
    assert_string_equal(comment("a\nDROP TABLE b;\r\n\\! ls"), "a DROP TABLE b;  \\! ls");
    assert_string_equal(comment(NULL), "-");
    assert_string_equal(comment(""), "");
}

/* ---- Options --------------------------------------------------------------------- */

static void option_values_are_literals_unless_plain(void **state) {
    (void)state;
    assert_string_equal(options(&modern, "{fillfactor=70,autovacuum_enabled=off,buffering=auto}", ""),
                        "fillfactor='70', autovacuum_enabled=off, buffering=auto");
    assert_string_equal(options(&modern, "{autovacuum_enabled=true}", "toast."),
                        "toast.autovacuum_enabled='true'");
    assert_string_equal(options(&modern, "{\"a=it's b=c\",\"A b=\",flag}", ""),
                        "a='it''s b=c', \"A b\"='', flag=''");
    assert_string_equal(options(&quoting_all, "{buffering=auto}", ""), "\"buffering\"='auto'");
    assert_string_equal(options(&modern, "{}", ""), "");
    assert_string_equal(options(&modern, NULL, ""), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_names_stay_as_they_are),
        cmocka_unit_test(other_names_are_quoted),
        cmocka_unit_test(quotes_in_names_are_doubled),
        cmocka_unit_test(reserved_words_are_quoted),
        cmocka_unit_test(reserved_words_grew_with_the_versions),
        cmocka_unit_test(quote_all_quotes_all),
        cmocka_unit_test(schema_goes_before_the_name),
        cmocka_unit_test(keywords_are_sorted),
        cmocka_unit_test(literals_double_quotes),
        cmocka_unit_test(backslashes_matter_only_where_strings_treat_them),
        cmocka_unit_test(dollar_tags_do_not_occur_in_the_text),
        cmocka_unit_test(bodies_are_literals_where_that_reads_well),
        cmocka_unit_test(comments_stay_on_their_line),
        cmocka_unit_test(option_values_are_literals_unless_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
