package org.millwright.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.millwright.kernel.Problem;

/**
 * Hashes passwords slowly, and remembers which ones were right.
 *
 * <p>Clients send theirs with every request, and one hash takes a tenth of a second. What is remembered holds the stored
 * hash too, so a changed password is asked for anew, and a key that dies with the process.
 */
final class Passwords {
    private static final int ROUNDS = 210_000;
    private static final int SHORTEST = 12;
    private static final int LONGEST = 1_024;
    private static final int MAX_KNOWN = 10_000;

    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final SecretKeySpec key;

    Passwords() {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        key = new SecretKeySpec(bytes, "HmacSHA256");
    }

    static String hash(String password) {
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            throw new Problem.Invalid("A password needs at least " + SHORTEST + " characters, and at most " + LONGEST);
        }
        var salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        var encoder = Base64.getEncoder();
        return "pbkdf2$" + ROUNDS + "$" + encoder.encodeToString(salt) + "$"
                + encoder.encodeToString(derive(password, salt, ROUNDS));
    }

    boolean matches(String password, String stored) {
        if (password.length() > LONGEST) {
            return false;
        }
        String mark = mark(password, stored);
        if (known.contains(mark)) {
            return true;
        }
        String[] parts = stored.split("\\$");
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] expected = Base64.getDecoder().decode(parts[3]);
        boolean right = MessageDigest.isEqual(expected, derive(password, salt, Integer.parseInt(parts[1])));
        if (right) {
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.add(mark);
        }
        return right;
    }

    private String mark(String password, String stored) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(stored.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Base64.getEncoder().encodeToString(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] derive(String password, byte[] salt, int rounds) {
        try {
            var spec = new PBEKeySpec(password.toCharArray(), salt, rounds, 256);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
