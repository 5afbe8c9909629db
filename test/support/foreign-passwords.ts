/** The password behind all of them. */
export const FOREIGN_PASSWORD = "Gåsøre-7 🔑";

/** What other programs store for it: Django 5.2, passlib 1.7, bcrypt 5.0 and argon2-cffi 25.1 for Python, at little cost. */
export const FOREIGN_HASHES: Record<string, string> = {
  "argon2-cffi": "$argon2id$v=19$m=64,t=1,p=1$f+f8wkbr4/saOcsJ9yAGRw$svquS0w6LDkzs449gJ5JUu61eytIpL+1N8LEO2ngVs4",
  "Django's argon2": "argon2$argon2id$v=19$m=64,t=1,p=2$c2FsdHlTQUxUNDI$uihWtWk+59LJfCGRgfDsX/Fax2K8DtEJR1NCVvtxNeg",
  "Django's pbkdf2_sha256": "pbkdf2_sha256$1000$saltySALT42$dZY5xy53cxUuZqGvjhOQX/p/6LwPhQdwZfRLYPvae/M=",
  "Django's pbkdf2_sha1": "pbkdf2_sha1$1000$saltySALT42$dnNB32590ZkPX3M7pItOhBmpR14=",
  "Django's scrypt":
    "scrypt$1024$saltySALT42$8$5$ws3cTm371563xZhWw4YoAuczYIDqj3A1t6F+ye5j/iHq30g47xBVCaZlmpSoMejiJnPqtf2JVB4arN+dwr+WOA==",
  "Django's bcrypt_sha256": "bcrypt_sha256$$2b$04$Q.IY83pq9wv.cZDY2tSed.75AShDyIIwGY2/LWFOgba8sl.2TF0om",
  "Django's bcrypt": "bcrypt$$2b$04$SXLoHpxOWvKL0iswQ7DqBO/8Q3hhrTR6MDgQu3Z/UmM0kVb/vZ/Jq",
  "passlib's pbkdf2": "$pbkdf2$1000$V0opJcS4VwqBUAohpHROiQ$euHrOz1JjBc3aH2chOMV.EwjX58",
  "passlib's pbkdf2-sha256": "$pbkdf2-sha256$1000$WCslhFDqfY9RypmTknLO2Q$HPQZnKrrdmvcRywwDIxFmLJsEyJPN6FaVK/HEGFSHmg",
  "passlib's pbkdf2-sha512":
    "$pbkdf2-sha512$1000$tfbeG4PwvrfW2ptTao3RGg$/6mhtDWQeoSKK0N5eOfU5QZRfO4pCdzZS24XJUeuElUKpeMeJsltIyfT3PoWxK1My2PVK//qzxhpLcxrf6oRgg",
  "passlib's scrypt": "$scrypt$ln=10,r=8,p=1$YqzVOiekdC4lhLDWGgMgxA$4GyiOm6yq8d1bw+tTBeHOXDCNT93vtVR8NGTUa+Pmhw",
  "bcrypt's 2a": "$2a$04$8fuJFO.XqPyXA.5aoGpgue7Iu4ciSpLF.Lmq05m.lzDSO8oqfhsX6",
  "bcrypt's 2b": "$2b$04$tWPNRvLdufjvhK3gOWiXSOsvgxGYzzQwHtGPHoDnjh5TEU4Wvsygu",
  // PHP's name for the very same.
  "PHP's 2y": "$2y$04$tWPNRvLdufjvhK3gOWiXSOsvgxGYzzQwHtGPHoDnjh5TEU4Wvsygu",
};
