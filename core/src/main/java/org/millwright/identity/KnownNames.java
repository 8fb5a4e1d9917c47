package org.millwright.identity;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.ledger.People;

/** The names of people and machine users, to find them in texts. */
final class KnownNames implements People {
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}._@-]+");

    private final Supplier<List<User>> users;
    private volatile @Nullable Names names;

    KnownNames(Supplier<List<User>> users) {
        this.users = users;
    }

    /**
     * Names in lower case.
     *
     * @param words of one word each
     * @param first the first words of names of several
     * @param phrases names of several words
     */
    record Names(Set<String> words, Set<String> first, List<String> phrases) implements People {
        static Names of(Collection<String> all) {
            var words = new HashSet<String>();
            var first = new HashSet<String>();
            var phrases = new HashSet<String>();
            for (String name : all) {
                String low = name.toLowerCase(Locale.ROOT).strip();
                String[] parts = BETWEEN.split(low);
                if (parts.length > 1) {
                    phrases.add(low);
                    first.add(parts[0]);
                } else if (!low.isEmpty()) {
                    words.add(low);
                }
            }
            return new Names(words, first, List.copyOf(phrases));
        }

        @Override
        public boolean areNamedIn(String text) {
            String low = text.toLowerCase(Locale.ROOT);
            boolean begun = false;
            for (String word : BETWEEN.split(low)) {
                String bare = bare(word);
                int at = word.indexOf('@');
                if (words.contains(word) || words.contains(bare) || at > 0 && words.contains(word.substring(0, at))) {
                    return true;
                }
                begun |= first.contains(word) || first.contains(bare);
            }
            return begun && phrases.stream().anyMatch(low::contains);
        }

        /** The word without the full stop or dash that a sentence puts after it. */
        private static String bare(String word) {
            int end = word.length();
            while (end > 0 && ".-_".indexOf(word.charAt(end - 1)) >= 0) {
                end--;
            }
            return word.substring(0, end);
        }
    }

    /** One person's. */
    static People of(String name, String display) {
        return Names.of(List.of(name, display));
    }

    /** To be called when someone came, went or was renamed. */
    void forget() {
        names = null;
    }

    @Override
    public boolean areNamedIn(String text) {
        Names known = names;
        if (known == null) {
            var all = new HashSet<String>();
            users.get().forEach(user -> {
                all.add(user.name());
                all.add(user.display());
            });
            known = Names.of(all);
            names = known;
        }
        return known.areNamedIn(text);
    }
}
