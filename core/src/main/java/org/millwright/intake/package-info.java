/** How answered rows and profiles of other processes come in, and become windows, each exactly once. */
@NullMarked
package org.millwright.intake;

import org.jspecify.annotations.NullMarked;
