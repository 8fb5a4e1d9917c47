/** OpenSSF Model Signing v1 over a folder, with P-256 keys and the JDK's own cryptography. */
@NullMarked
package org.millwright.scoring.signing;

import org.jspecify.annotations.NullMarked;
