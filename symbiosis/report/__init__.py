"""What people look at: pictures and reports, made from frozen values."""
