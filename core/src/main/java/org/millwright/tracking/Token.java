package org.millwright.tracking;

import java.util.ArrayList;
import java.util.List;

/**
 * A word of a filter or order string as typed, quotes included.
 *
 * <p>A quoted part right after a dot belongs to its identifier: {@code metrics.`a b`} is one word.
 */
record Token(Kind kind, String text) {
    enum Kind {
        WORD,
        NUMBER,
        QUOTED,
        SIGN
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    boolean canBeIdentifier() {
        return (kind == Kind.WORD || kind == Kind.QUOTED && text.charAt(0) != '\'')
                && !isWord("AND")
                && !isWord("OR")
                && !isWord("NOT")
                && !isWord("IN");
    }

    /** What stands between the quotes, doubled ones as one. */
    String value() {
        String quote = text.substring(0, 1);
        return text.substring(1, text.length() - 1).replace(quote + quote, quote);
    }

    static List<Token> split(String text) {
        var tokens = new ArrayList<Token>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
                continue;
            }
            Token token = at(text, i);
            tokens.add(token);
            i += token.text.length();
        }
        return tokens;
    }

    private static Token at(String text, int i) {
        char c = text.charAt(i);
        if (c == '\'' || c == '"' || c == '`') {
            int end = quoteEnd(text, i);
            return end < 0 ? new Token(Kind.SIGN, text.substring(i)) : new Token(Kind.QUOTED, text.substring(i, end));
        }
        if (isNumberStart(text, i)) {
            int end = i + 1;
            while (end < text.length() && isNumberPart(text, end)) {
                end++;
            }
            return new Token(Kind.NUMBER, text.substring(i, end));
        }
        if (isWordPart(c)) {
            return new Token(Kind.WORD, text.substring(i, wordEnd(text, i)));
        }
        boolean two = i + 1 < text.length() && text.charAt(i + 1) == '=' && (c == '!' || c == '<' || c == '>');
        return new Token(Kind.SIGN, text.substring(i, i + (two ? 2 : 1)));
    }

    private static int wordEnd(String text, int start) {
        int end = start;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean quoted = (c == '`' || c == '"' || c == '\'') && text.charAt(end - 1) == '.';
            if (quoted) {
                int after = quoteEnd(text, end);
                if (after < 0) {
                    return end;
                }
                end = after;
            } else if (isWordPart(c)) {
                end++;
            } else {
                return end;
            }
        }
        return end;
    }

    /** Index after the quote that closes the one at {@code start}; -1 when none does. */
    private static int quoteEnd(String text, int start) {
        char quote = text.charAt(start);
        int i = start + 1;
        while (i < text.length()) {
            if (text.charAt(i) == quote) {
                if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    i++;
                } else {
                    return i + 1;
                }
            }
            i++;
        }
        return -1;
    }

    private static boolean isNumberStart(String text, int i) {
        char c = text.charAt(i);
        if (isDigit(c)) {
            return true;
        }
        boolean sign = c == '-' || c == '+' || c == '.';
        return sign && i + 1 < text.length() && (isDigit(text.charAt(i + 1)) || text.charAt(i + 1) == '.');
    }

    private static boolean isNumberPart(String text, int i) {
        char c = text.charAt(i);
        boolean exponentSign = (c == '-' || c == '+') && (text.charAt(i - 1) == 'e' || text.charAt(i - 1) == 'E');
        return isDigit(c) || c == '.' || c == 'e' || c == 'E' || exponentSign;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c)
                || Character.isSurrogate(c)
                || c == '_'
                || c == '.'
                || c == '-'
                || c == '/'
                || c == ':'
                || c == '@';
    }
}
